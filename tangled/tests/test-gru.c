/* generated from chapters/18-gru.nw by noweb; do not edit */
#include "test-cell.h"

enum { W = 3 * CELL_N };
/* Compute the loss of a plain GRU */
static double complex plain_unit(const cell_test *f, size_t r, const double complex *before, size_t i)
{
    const double complex *by_input = f->node[2].nudge + r * W, *by_state = f->node[3].nudge + r * W;
    double complex input[3], state[3];
    for (size_t g = 0; g < 3; g++) {
        const size_t a = g * CELL_N + i;
        input[g] = cell_of_input(f, r, W, a) + by_input[a];
        state[g] = cell_of_state(f, before, W, a) + by_state[a];
    }
    state[2] += cell_theta(f, W * CELL_M + W * CELL_N + W + i);
    const double complex reset = cell_sigmoid(input[0] + state[0]);
    const double complex update = cell_sigmoid(input[1] + state[1]);
    const double complex candidate = ctanh(input[2] + reset * state[2]);
    return (1 - update) * candidate + update * before[i];
}

static double complex plain_loss(cell_test *f)
{
    double complex loss = 0, h[CELL_N], after[CELL_N];
    const double complex *nudge = f->node[1].nudge;
    for (size_t b = 0; b < CELL_B; b++) {
        for (size_t i = 0; i < CELL_N; i++)
            h[i] = (double)f->k.h[b * CELL_N + i] + nudge[b * CELL_N + i];
        for (size_t r = b; r < CELL_R; r += CELL_B) {
            for (size_t i = 0; i < CELL_N; i++) after[i] = plain_unit(f, r, h, i);
            for (size_t i = 0; i < CELL_N; i++) {
                h[i] = after[i] + nudge[(r + CELL_B) * CELL_N + i];
                cell_compare(f, f->k.h, r, i, h[i]);
            }
            loss += cell_charge(f, r, h);
        }
    }
    return loss;
}

int main(void)
{
    cell_test f;
    for (uint64_t seed = 21; seed < 24; seed++) {
        const double loss = cell_begin(&f, cells[GRU], seed);
        cell_add_node(&f, "what the character says", f.k.d_z, CELL_R * W);
        cell_add_node(&f, "what the state says", f.k.d_past, CELL_R * W);
        cell_check(&f, plain_loss, loss);
    }
    ok(strcmp(cells_names[GRU], "gru") == 0 && cells[GRU]->gates == 3, "the cell has its name");
    return test_done();
}
