/* generated from chapters/19-lstm.nw by noweb; do not edit */
#include "test-cell.h"

enum { W = 4 * CELL_N };
/* Compute the loss of a plain LSTM */
static double complex plain_unit(const cell_test *f, size_t r, const double complex *before,
                                 double complex *c, size_t i)
{
    double complex z[4];
    for (size_t g = 0; g < 4; g++) {
        const size_t a = g * CELL_N + i;
        z[g] = cell_of_input(f, r, W, a) + cell_of_state(f, before, W, a)
            + f->node[2].nudge[r * W + a];
    }
    *c = cell_sigmoid(z[1]) * *c + cell_sigmoid(z[0]) * ctanh(z[2]);
    *c += f->node[3].nudge[(r + CELL_B) * CELL_N + i];
    return cell_sigmoid(z[3]) * ctanh(*c);
}

static double complex plain_loss(cell_test *f)
{
    double complex loss = 0, h[CELL_N], c[CELL_N], after[CELL_N];
    const double complex *by_state = f->node[1].nudge, *by_memory = f->node[3].nudge;
    for (size_t b = 0; b < CELL_B; b++) {
        for (size_t i = 0; i < CELL_N; i++) {
            h[i] = (double)f->k.h[b * CELL_N + i] + by_state[b * CELL_N + i];
            c[i] = (double)f->k.memory[b * CELL_N + i] + by_memory[b * CELL_N + i];
        }
        for (size_t r = b; r < CELL_R; r += CELL_B) {
            for (size_t i = 0; i < CELL_N; i++) after[i] = plain_unit(f, r, h, &c[i], i);
            for (size_t i = 0; i < CELL_N; i++) {
                h[i] = after[i] + by_state[(r + CELL_B) * CELL_N + i];
                cell_compare(f, f->k.h, r, i, h[i]);
                cell_compare(f, f->k.memory, r, i, c[i]);
            }
            loss += cell_charge(f, r, h);
        }
    }
    return loss;
}

int main(void)
{
    cell_test f;
    for (uint64_t seed = 31; seed < 34; seed++) {
        const double loss = cell_begin(&f, cells[LSTM], seed);
        cell_add_node(&f, "the pre-activations", f.k.d_z, CELL_R * W);
        cell_add_node(&f, "the memory", f.k.d_memory, (CELL_R + CELL_B) * CELL_N);
        cell_check(&f, plain_loss, loss);
    }
    ok(strcmp(cells_names[LSTM], "lstm") == 0 && cells[LSTM]->gates == 4, "the cell has its name");
    return test_done();
}
