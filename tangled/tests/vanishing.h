/* generated from chapters/081-vanishing.nw by noweb; do not edit */
#ifndef VANISHING_H
#define VANISHING_H
/* How far a gradient reaches: Jacobians of states by earlier states, and their norms.
   All matrices are (n × n). Who finds no memory exits, as GSL does. */
#include "forward.h"
#include "random.h"
#include <gsl/gsl_blas.h>
#include <gsl/gsl_complex_math.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Lengthen a Jacobian by one step */
/* J becomes diag(1 - h²) W J; room is overwritten. eq:reach-longer */
static inline void jacobian_lengthen(real *J, const real *W, const real *h, size_t n, real *room)
{
    memset(room, 0, n * n * sizeof *room);
    rows_times(room, W, J, n, n, n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            J[i * n + j] = (1 - h[i] * h[i]) * room[i * n + j];
}

/* Hand a matrix to the library */
static inline gsl_matrix *matrix_of(const real *A, size_t n)
{
    gsl_matrix *M = gsl_matrix_alloc(n, n);
    for (size_t i = 0; i < n * n; i++) gsl_matrix_set(M, i / n, i % n, (double)A[i]);
    return M;
}

/* Find the largest singular value */
/* The norm of A: how much it lengthens a row at most. */
static inline double largest_singular(const real *A, size_t n)
{
    gsl_matrix *M = matrix_of(A, n), *squared = gsl_matrix_alloc(n, n);
    gsl_vector *values = gsl_vector_alloc(n);
    gsl_eigen_symm_workspace *w = gsl_eigen_symm_alloc(n);
    gsl_blas_dgemm(CblasTrans, CblasNoTrans, 1, M, M, 0, squared);
    gsl_eigen_symm(squared, values, w);
    const double norm = sqrt(fmax(0, gsl_vector_max(values)));
    /* Give back what the search for singular values used */
    gsl_eigen_symm_free(w);
    gsl_vector_free(values);
    gsl_matrix_free(squared);
    gsl_matrix_free(M);
    return norm;
}

/* Find the spectral radius */
/* The largest absolute value of an eigenvalue of A. */
static inline double spectral_radius(const real *A, size_t n)
{
    double radius = 0;
    gsl_matrix *M = matrix_of(A, n);
    gsl_vector_complex *values = gsl_vector_complex_alloc(n);
    gsl_eigen_nonsymm_workspace *w = gsl_eigen_nonsymm_alloc(n);
    gsl_eigen_nonsymm(M, values, w);
    for (size_t i = 0; i < n; i++)
        radius = fmax(radius, gsl_complex_abs(gsl_vector_complex_get(values, i)));
    /* Give back what the search for eigenvalues used */
    gsl_eigen_nonsymm_free(w);
    gsl_vector_complex_free(values);
    gsl_matrix_free(M);
    return radius;
}

/* Draw an orthogonal matrix */
static inline void draw_orthogonal(real *A, size_t n, random_state *r)
{
    for (size_t i = 0; i < n * n; i++) A[i] = (real)random_normal(r);
    gsl_matrix *M = matrix_of(A, n), *Q = gsl_matrix_alloc(n, n), *R = gsl_matrix_alloc(n, n);
    gsl_vector *scales = gsl_vector_alloc(n);
    gsl_linalg_QR_decomp(M, scales);
    gsl_linalg_QR_unpack(M, scales, Q, R);
    for (size_t i = 0; i < n * n; i++) A[i] = (real)gsl_matrix_get(Q, i / n, i % n);
    /* Give back what the decomposition used */
    gsl_vector_free(scales);
    gsl_matrix_free(R);
    gsl_matrix_free(Q);
    gsl_matrix_free(M);
}

/* Follow one stream */
static inline double largest_slope(const real *h, size_t n)
{
    double slope = 0;
    for (size_t i = 0; i < n; i++) slope = fmax(slope, (double)(1 - h[i] * h[i]));
    return slope;
}

/* For d = 1 … far and t = from adds to reach[d] the logarithm of the norm of ∂h_{t+d}/∂h_t
   of stream b, and to bound[d] that of its bound. eq:reach-bound */
static inline void follow(double *reach, double *bound, const params *p, const tape *k,
                          size_t b, size_t from, size_t far)
{
    const size_t n = p->n;
    const double sigma = largest_singular(p->W_hh, n);
    double most = 0;
    real *J = calloc(2 * n * n, sizeof *J);
    if (J == NULL) exit(1);
    for (size_t i = 0; i < n; i++) J[i * n + i] = 1;
    for (size_t d = 1; d <= far; d++) {
        /* Go one step on, and note both norms */
        const real *h = k->h + ((from + d) * k->B + b) * n;
        jacobian_lengthen(J, p->W_hh, h, n, J + n * n);
        reach[d] += log(largest_singular(J, n));
        most += log(sigma * largest_slope(h, n));
        bound[d] += most;
    }
    free(J);
}

/* Measure an angle */
/* Between two rows, in degrees. */
static inline double angle_between(const real *a, const real *b, size_t count)
{
    double ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < count; i++) {
        ab += (double)(a[i] * b[i]);
        aa += (double)(a[i] * a[i]);
        bb += (double)(b[i] * b[i]);
    }
    return acos(fmin(1, ab / sqrt(aa * bb))) * 180 / acos(-1);
}
#endif
