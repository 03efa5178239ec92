/* What a network on a processor spends its time with: 3x3 convolutions, and the normalisations between them.
 *
 * 3x3 convolutions with stride 1 and padding 1 in float32 by Winograd's minimal filtering F(4x4, 3x3)
 * (Lavin and Gray, arXiv 1509.09308, section 4): 36 products for 16 results where the direct way needs 144.
 *
 * Pictures are (N, H, W, C), the memory of torch's channels_last. Each thread takes blocks of tiles whole: it
 * transforms what goes in, multiplies in the 36 frequencies and transforms back while all of it lies in the cache.
 * Channels are multiples of 8; Python asks only then.
 *
 * Compiled as plain C with OpenMP; nothing but a processor with AVX2 and FMA is asked for. The OpenMP calls are left
 * open at linking and find the library that torch has loaded, so that both share one team of threads.
 */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#define LANES 8
#define WIDE 16 /* columns of a block of the product: two vectors */
#define TALL 6  /* its rows: 12 sums and 2 columns stand in the 16 registers */
typedef float vec __attribute__((vector_size(4 * LANES)));
typedef int ivec __attribute__((vector_size(4 * LANES)));
typedef unsigned uvec __attribute__((vector_size(4 * LANES)));
typedef float loose __attribute__((vector_size(4 * LANES), aligned(4)));
typedef unsigned short half; /* bfloat16 */
typedef half hvec __attribute__((vector_size(2 * LANES)));
typedef half loose_half __attribute__((vector_size(2 * LANES), aligned(2)));

static inline vec load(const float *p) { return *(const loose *)p; }
static inline void store(float *p, vec v) { *(loose *)p = v; }

/* The points at which polynomials are told apart: 0, +-A, +-B and infinity, with A * B = 1. The usual 1 and 2 make
 * four times the rounding error. */
#define A 0.70710678118654752f /* A^2 = 1/2 */
#define B 1.41421356237309505f /* B^2 = 2 */

/* B^T d: six values of a tile to six frequencies. */
static inline __attribute__((always_inline)) void into(const vec d[6], vec r[6]) {
    vec even = d[4] - 2.0f * d[2], odd = A * d[3] - B * d[1];
    vec near = d[4] - 0.5f * d[2], far = B * d[3] - A * d[1];
    r[0] = d[0] - 2.5f * d[2] + d[4];
    r[1] = even + odd;
    r[2] = even - odd;
    r[3] = near + far;
    r[4] = near - far;
    r[5] = d[1] - 2.5f * d[3] + d[5];
}

/* A^T m: six frequencies to four results. */
static inline __attribute__((always_inline)) void out_of(const vec m[6], vec r[4]) {
    vec a = m[1] + m[2], b = m[1] - m[2], c = m[3] + m[4], d = m[3] - m[4];
    r[0] = m[0] + a + c;
    r[1] = A * b + B * d;
    r[2] = 0.5f * a + 2.0f * c;
    r[3] = 0.5f * A * b + 2.0f * B * d + m[5];
}

/* A g: the transpose of `out_of`, gradients of four results to those of six frequencies. */
static inline __attribute__((always_inline)) void back(const vec g[4], vec r[6]) {
    vec a = g[0] + 0.5f * g[2], b = A * g[1] + 0.5f * A * g[3];
    vec c = g[0] + 2.0f * g[2], d = B * g[1] + 2.0f * B * g[3];
    r[0] = g[0];
    r[1] = a + b;
    r[2] = a - b;
    r[3] = c + d;
    r[4] = c - d;
    r[5] = g[3];
}

#if defined(__clang__)
#define PICK(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define PICK(a, b, ...) __builtin_shuffle(a, b, (ivec){__VA_ARGS__})
#endif

/* Eight rows of eight to eight columns. */
static inline __attribute__((always_inline)) void turn(const vec r[8], vec c[8]) {
    vec a[8], b[8];
    for (int i = 0; i < 8; i += 2) {
        a[i] = PICK(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        a[i + 1] = PICK(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    for (int i = 0; i < 8; i += 4)
        for (int j = 0; j < 2; j++) {
            b[i + 2 * j] = PICK(a[i + j], a[i + 2 + j], 0, 1, 8, 9, 4, 5, 12, 13);
            b[i + 2 * j + 1] = PICK(a[i + j], a[i + 2 + j], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    for (int i = 0; i < 4; i++) {
        c[i] = PICK(b[i], b[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        c[i + 4] = PICK(b[i], b[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

/* G: weights of three to six frequencies. */
static const float G[6][3] = {{1.0f, 0, 0},
                              {-2.0f / 3, -2.0f / 3 * A, -1.0f / 3},
                              {-2.0f / 3, 2.0f / 3 * A, -1.0f / 3},
                              {1.0f / 6, 1.0f / 6 * B, 1.0f / 3},
                              {1.0f / 6, -1.0f / 6 * B, 1.0f / 3},
                              {0, 0, 1.0f}};

typedef struct {
    long count, height, width, down, across; /* pictures, their pixels, their tiles */
} Shape;

static Shape shape_of(long count, long height, long width) {
    Shape s = {count, height, width, (height + 3) / 4, (width + 3) / 4};
    return s;
}

/* The top left corner of a tile's results. */
static inline void place(const Shape *s, long tile, long *n, long *top, long *left) {
    *left = tile % s->across * 4;
    *top = tile / s->across % s->down * 4;
    *n = tile / (s->across * s->down);
}

/* Frequencies of tiles [first, first + many): v is (36, room, channels). */
static void tiles_in(const Shape *s, const float *x, long channels, const float *zeros, long first, long many, long room,
                     float *v) {
    for (long t = 0; t < many; t++) {
        const float *from[6][6];
        long n, top, left;
        place(s, first + t, &n, &top, &left);
        for (long i = 0; i < 6; i++)
            for (long j = 0; j < 6; j++) {
                long a = top + i - 1, b = left + j - 1;
                int inside = a >= 0 && a < s->height && b >= 0 && b < s->width;
                from[i][j] = inside ? x + ((n * s->height + a) * s->width + b) * channels : zeros;
            }
        for (long c = 0; c < channels; c += LANES) {
            vec half[6][6];
            for (int j = 0; j < 6; j++) {
                vec d[6], r[6];
                for (int i = 0; i < 6; i++) d[i] = load(from[i][j] + c);
                into(d, r);
                for (int i = 0; i < 6; i++) half[i][j] = r[i];
            }
            for (int i = 0; i < 6; i++) {
                vec r[6];
                into(half[i], r);
                for (int j = 0; j < 6; j++) store(v + ((i * 6 + j) * room + t) * channels + c, r[j]);
            }
        }
    }
}

/* The same for gradients of results: 4 x 4 of them to the 36 frequencies. */
static void tiles_back(const Shape *s, const float *y, long channels, const float *zeros, long first, long many,
                       long room, float *v) {
    for (long t = 0; t < many; t++) {
        const float *from[4][4];
        long n, top, left;
        place(s, first + t, &n, &top, &left);
        for (long i = 0; i < 4; i++)
            for (long j = 0; j < 4; j++) {
                int inside = top + i < s->height && left + j < s->width;
                from[i][j] = inside ? y + ((n * s->height + top + i) * s->width + left + j) * channels : zeros;
            }
        for (long c = 0; c < channels; c += LANES) {
            vec half[6][4];
            for (int j = 0; j < 4; j++) {
                vec g[4], r[6];
                for (int i = 0; i < 4; i++) g[i] = load(from[i][j] + c);
                back(g, r);
                for (int i = 0; i < 6; i++) half[i][j] = r[i];
            }
            for (int i = 0; i < 6; i++) {
                vec r[6];
                back(half[i], r);
                for (int j = 0; j < 6; j++) store(v + ((i * 6 + j) * room + t) * channels + c, r[j]);
            }
        }
    }
}

/* Results of tiles out of their frequencies m, (36, room, channels), into pictures y of `all` channels. */
static void tiles_out(const Shape *s, const float *m, const float *bias, long channels, long first, long many, long room,
                      float *y, long all) {
    for (long t = 0; t < many; t++) {
        long n, top, left;
        place(s, first + t, &n, &top, &left);
        long rows = s->height - top < 4 ? s->height - top : 4, columns = s->width - left < 4 ? s->width - left : 4;
        float *corner = y + ((n * s->height + top) * s->width + left) * all;
        for (long c = 0; c < channels; c += LANES) {
            vec half[4][6], whole[4];
            vec add = bias ? load(bias + c) : (vec){0};
            for (int j = 0; j < 6; j++) {
                vec d[6], r[4];
                for (int i = 0; i < 6; i++) d[i] = load(m + ((i * 6 + j) * room + t) * channels + c);
                out_of(d, r);
                for (int i = 0; i < 4; i++) half[i][j] = r[i];
            }
            for (int i = 0; i < rows; i++) {
                out_of(half[i], whole);
                for (int j = 0; j < columns; j++) store(corner + (i * s->width + j) * all + c, whole[j] + add);
            }
        }
    }
}

/* c[r][0:wide] (+)= sum over k of a[r * over_row + k * over_k] * b[k * over_b + 0:wide], for a few rows r. */
static inline __attribute__((always_inline)) void block(int rows, int wide, int adding, long depth, const float *a,
                                                        long over_row, long over_k, const float *b, long over_b,
                                                        float *c, long over_c) {
    vec left[TALL], right[TALL];
    for (int r = 0; r < rows; r++) {
        left[r] = adding ? load(c + r * over_c) : (vec){0};
        if (wide == WIDE) right[r] = adding ? load(c + r * over_c + LANES) : (vec){0};
    }
    for (long k = 0; k < depth; k++) {
        vec one = load(b + k * over_b), two;
        if (wide == WIDE) two = load(b + k * over_b + LANES);
        for (int r = 0; r < rows; r++) {
            float scalar = a[r * over_row + k * over_k];
            vec value = {scalar, scalar, scalar, scalar, scalar, scalar, scalar, scalar};
            left[r] += value * one;
            if (wide == WIDE) right[r] += value * two;
        }
    }
    for (int r = 0; r < rows; r++) {
        store(c + r * over_c, left[r]);
        if (wide == WIDE) store(c + r * over_c + LANES, right[r]);
    }
}

static inline __attribute__((always_inline)) void columns_of(int wide, int adding, long rows, long depth,
                                                             const float *a, long over_row, long over_k,
                                                             const float *b, long over_b, float *c, long over_c) {
    long r = 0;
    for (; r + TALL <= rows; r += TALL)
        block(TALL, wide, adding, depth, a + r * over_row, over_row, over_k, b, over_b, c + r * over_c, over_c);
    a += r * over_row;
    c += r * over_c;
    switch (rows - r) {
        case 5: block(5, wide, adding, depth, a, over_row, over_k, b, over_b, c, over_c); break;
        case 4: block(4, wide, adding, depth, a, over_row, over_k, b, over_b, c, over_c); break;
        case 3: block(3, wide, adding, depth, a, over_row, over_k, b, over_b, c, over_c); break;
        case 2: block(2, wide, adding, depth, a, over_row, over_k, b, over_b, c, over_c); break;
        case 1: block(1, wide, adding, depth, a, over_row, over_k, b, over_b, c, over_c); break;
    }
}

/* The product of many rows with `wide` columns, 16 or 8. */
static void product(long wide, int adding, long rows, long depth, const float *a, long over_row, long over_k,
                    const float *b, long over_b, float *c, long over_c) {
    if (wide == WIDE)
        columns_of(WIDE, adding, rows, depth, a, over_row, over_k, b, over_b, c, over_c);
    else
        columns_of(LANES, adding, rows, depth, a, over_row, over_k, b, over_b, c, over_c);
}

/* Columns of the block that begins at `first` of `all`. */
static inline long width_of(long first, long all) { return all - first < WIDE ? all - first : WIDE; }

/* How many tiles a thread takes at once: what they need should lie in its cache. */
static long room_for(long tiles, long inside, long outside, long threads, long bytes) {
    long room = bytes / (36 * 4 * (inside + outside)) / TALL * TALL;
    long share = (tiles + threads - 1) / threads;
    if (room < 2 * TALL) room = 2 * TALL;
    if (room > share) room = (share + TALL - 1) / TALL * TALL;
    return room;
}

/* Floats of a thread's own memory: frequencies of both sides and a row of zeros. */
static long scratch(long room, long inside, long outside) {
    return 36 * room * (inside + outside) + inside + outside;
}

/* Weights w (outside, 3, 3, inside) to the frequencies of `wide` channels of the result from `start` on, for `deep` channels
 * of what goes in from `first` on: (36, deep, wide), each frequency `over` floats from the next. `turned`: for the gradient of what went in, the two kinds of channels are
 * exchanged and the kernel is turned around. */
static void weights_in(const float *w, long inside, int turned, long start, long wide, long first, long deep, float *u,
                       long over) {
    for (long s = first; s < first + deep; s += LANES)
        for (long t = 0; t < wide; t += LANES) {
            vec k[9][LANES]; /* a place of the kernel for eight of `from`, each a vector of eight results */
            for (int at = 0; at < 9; at++)
                if (turned) {
                    for (int i = 0; i < LANES; i++) k[at][i] = load(w + ((s + i) * 9 + 8 - at) * inside + start + t);
                } else {
                    vec rows[LANES];
                    for (int lane = 0; lane < LANES; lane++)
                        rows[lane] = load(w + ((start + t + lane) * 9 + at) * inside + s);
                    turn(rows, k[at]);
                }
            for (int i = 0; i < LANES; i++) {
                vec half[6][3];
                for (int b = 0; b < 3; b++)
                    for (int f = 0; f < 6; f++)
                        half[f][b] = G[f][0] * k[b][i] + G[f][1] * k[3 + b][i] + G[f][2] * k[6 + b][i];
                for (int f = 0; f < 6; f++)
                    for (int e = 0; e < 6; e++)
                        store(u + (f * 6 + e) * over + (s - first + i) * wide + t,
                              G[e][0] * half[f][0] + G[e][1] * half[f][1] + G[e][2] * half[f][2]);
            }
        }
}

/* All of the weights: u is (36, to / 16, from, 16), the last block of channels 8 wide where they are no multiple of 16. */
void winograd_weights(const float *w, long inside, long outside, int turned, float *u, long threads) {
    long to = turned ? inside : outside, from = turned ? outside : inside;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (long t = 0; t < to; t += WIDE)
        weights_in(w, inside, turned, t, width_of(t, to), 0, from, u + t * from, to * from);
}

/* As `winograd_forward` below, from the weights themselves and for few tiles: these are all transformed first, then every
 * 16 channels of the result take their part of the weights through the cache, DEEP channels at a time. `turned` as in `weights_in`. */
int winograd_few(const float *x, const float *w, const float *bias, float *y, long count, long height, long width,
                 long inside, long outside, int turned, long threads) {
    Shape s = shape_of(count, height, width);
    long to = turned ? inside : outside, from = turned ? outside : inside, tiles = count * s.down * s.across;
    enum { DEEP = 64 };
    long own = 36 * WIDE * (DEEP + tiles), all = 36 * tiles * from;
    float *memory = aligned_alloc(64, (sizeof(float) * (all + own * threads + from) + 63) / 64 * 64);
    if (!memory) return 1;
    float *v = memory, *zeros = memory + all + own * threads;
    memset(zeros, 0, sizeof(float) * from);
#pragma omp parallel num_threads(threads)
    {
        float *u = v + all + omp_get_thread_num() * own, *m = u + 36 * WIDE * DEEP;
#pragma omp for schedule(static)
        for (long t = 0; t < tiles; t++) tiles_in(&s, x, from, zeros, t, 1, tiles, v + t * from);
#pragma omp for schedule(dynamic, 1)
        for (long o = 0; o < to; o += WIDE) {
            long wide = width_of(o, to);
            for (long first = 0; first < from; first += DEEP) {
                long deep = from - first < DEEP ? from - first : DEEP;
                weights_in(w, inside, turned, o, wide, first, deep, u, deep * wide);
                for (long f = 0; f < 36; f++)
                    product(wide, first > 0, tiles, deep, v + f * tiles * from + first, from, 1, u + f * deep * wide,
                            wide, m + f * tiles * wide, wide);
            }
            tiles_out(&s, m, bias ? bias + o : bias, wide, 0, tiles, tiles, y + o, to);
        }
    }
    free(memory);
    return 0;
}

/* y (count, height, width, outside) = x (count, height, width, inside) with the frequencies u of the weights, plus bias
 * where there is one. Returns 1 where memory is short, else 0. */
int winograd_forward(const float *x, const float *u, const float *bias, float *y, long count, long height, long width,
                     long inside, long outside, long threads, long bytes) {
    Shape s = shape_of(count, height, width);
    long tiles = count * s.down * s.across, room = room_for(tiles, inside, outside, threads, bytes);
    long blocks = (tiles + room - 1) / room, own = scratch(room, inside, outside);
    float *memory = aligned_alloc(64, (sizeof(float) * own * threads + 63) / 64 * 64);
    if (!memory) return 1;
#pragma omp parallel num_threads(threads)
    {
        float *v = memory + omp_get_thread_num() * own, *m = v + 36 * room * inside, *zeros = m + 36 * room * outside;
        memset(zeros, 0, sizeof(float) * (inside + outside));
#pragma omp for schedule(dynamic, 1)
        for (long b = 0; b < blocks; b++) {
            long first = b * room, many = tiles - first < room ? tiles - first : room;
            tiles_in(&s, x, inside, zeros, first, many, room, v);
            for (long f = 0; f < 36; f++)
                for (long o = 0; o < outside; o += WIDE)
                    product(width_of(o, outside), 0, many, inside, v + f * room * inside, inside, 1,
                            u + (f * outside + o) * inside, width_of(o, outside), m + f * room * outside + o, outside);
            tiles_out(&s, m, bias, outside, first, many, room, y, outside);
        }
    }
    free(memory);
    return 0;
}

/* The gradient of the weights, grad (outside, 3, 3, inside), from x and the gradient of y. Returns 1 where memory is
 * short, else 0. */
int winograd_backward_weights(const float *x, const float *y, float *grad, long count, long height, long width,
                              long inside, long outside, long threads, long bytes) {
    Shape s = shape_of(count, height, width);
    long tiles = count * s.down * s.across, room = room_for(tiles, inside, outside, threads, bytes);
    long blocks = (tiles + room - 1) / room, own = scratch(room, inside, outside), size = 36 * inside * outside;
    if (threads > blocks) threads = blocks;
    float *memory = aligned_alloc(64, (sizeof(float) * (size + own) * threads + 63) / 64 * 64);
    if (!memory) return 1;
    float *sums = memory, *all = memory + size * threads;
#pragma omp parallel num_threads(threads)
    {
        long me = omp_get_thread_num(), team = omp_get_num_threads();
        float *sum = sums + me * size, *v = all + me * own, *m = v + 36 * room * inside;
        float *zeros = m + 36 * room * outside;
        memset(sum, 0, sizeof(float) * size);
        memset(zeros, 0, sizeof(float) * (inside + outside));
#pragma omp for schedule(static)
        for (long b = 0; b < blocks; b++) {
            long first = b * room, many = tiles - first < room ? tiles - first : room;
            tiles_in(&s, x, inside, zeros, first, many, room, v);
            tiles_back(&s, y, outside, zeros, first, many, room, m);
            /* sum (36, outside, inside) += m^T v */
            for (long f = 0; f < 36; f++)
                for (long i = 0; i < inside; i += WIDE)
                    product(width_of(i, inside), 1, outside, many, m + f * room * outside, 1, outside,
                            v + f * room * inside + i, inside, sum + f * inside * outside + i, inside);
        }
#pragma omp for schedule(static)
        for (long o = 0; o < outside; o++)
            for (long i = 0; i < inside; i += LANES) {
                vec half[3][6];
                for (int e = 0; e < 6; e++) {
                    vec column[6];
                    for (int f = 0; f < 6; f++) {
                        long at = ((f * 6 + e) * outside + o) * inside + i;
                        column[f] = load(sums + at);
                        for (long t = 1; t < team; t++) column[f] += load(sums + t * size + at);
                    }
                    for (int a = 0; a < 3; a++) {
                        half[a][e] = (vec){0};
                        for (int f = 0; f < 6; f++) half[a][e] += G[f][a] * column[f];
                    }
                }
                for (int a = 0; a < 3; a++)
                    for (int b = 0; b < 3; b++) {
                        vec total = {0};
                        for (int e = 0; e < 6; e++) total += G[e][b] * half[a][e];
                        store(grad + (o * 9 + a * 3 + b) * inside + i, total);
                    }
            }
    }
    free(memory);
    return 0;
}

/* e^x for the exponents that a float has; Taylor to the sixth power within +-ln(2)/2, right to 2e-7. */
static inline __attribute__((always_inline)) vec exponential(vec x) {
    const vec most = (vec){0} + 88.0f, least = (vec){0} - 87.0f;
    ivec over = x > most, under = x < least;
    x = (vec)((over & (ivec)most) | (~over & (ivec)x));
    x = (vec)((under & (ivec)least) | (~under & (ivec)x));
    vec whole = (x * 1.44269504f + 12582912.0f) - 12582912.0f; /* rounds: no room for a fraction beside 1.5 * 2^23 */
    vec r = x - whole * 0.693359375f + whole * 2.12194440e-4f;
    vec p = 1.0f + r * (1.0f + r * (1.0f / 2 + r * (1.0f / 6 + r * (1.0f / 24 + r * (1.0f / 120 + r / 720)))));
    return p * (vec)((__builtin_convertvector(whole, ivec) + 127) << 23);
}

/* bfloat16 is the upper half of a float. To it: to the nearest, to even where both are as near; NaN stays NaN. */
static inline vec widen(const half *p) {
    return (vec)(__builtin_convertvector(*(const loose_half *)p, uvec) << 16);
}
static inline void narrow(half *p, vec v) {
    uvec bits = (uvec)v, none = (uvec)(v != v);
    bits = ((bits + 0x7fff + (bits >> 16 & 1)) & ~none) | (0x7fc00000 & none);
    *(loose_half *)p = __builtin_convertvector(bits >> 16, hvec);
}

/* y = silu(x / rms(x) * gain + shift) at every pixel, the mean over its channels; x and y (count, pixels, channels), gain
 * and shift (count, channels). */
#define PIXEL_NORM_SILU(NAME, TYPE, LOAD, STORE)                                                                        \
    void NAME(const TYPE *x, const float *gain, const float *shift, TYPE *y, long count, long pixels, long channels,    \
              float epsilon, long threads) {                                                                            \
        _Pragma("omp parallel for schedule(static) num_threads(threads)") for (long at = 0; at < count * pixels; at++) { \
            const TYPE *from = x + at * channels;                                                                       \
            const float *g = gain + at / pixels * channels, *s = shift + at / pixels * channels;                        \
            vec squares = {0};                                                                                          \
            for (long c = 0; c < channels; c += LANES) {                                                                \
                vec value = LOAD(from + c);                                                                             \
                squares += value * value;                                                                               \
            }                                                                                                           \
            float sum = 0;                                                                                              \
            for (int lane = 0; lane < LANES; lane++) sum += squares[lane];                                              \
            float scale = 1.0f / sqrtf(sum / (float)channels + epsilon);                                                \
            for (long c = 0; c < channels; c += LANES) {                                                                \
                vec value = LOAD(from + c) * scale * load(g + c) + load(s + c);                                         \
                STORE(y + at * channels + c, value / (1.0f + exponential(-value)));                                     \
            }                                                                                                           \
        }                                                                                                               \
    }
PIXEL_NORM_SILU(pixel_norm_silu, float, load, store)
PIXEL_NORM_SILU(pixel_norm_silu_half, half, widen, narrow) /* x and y in bfloat16 */

/* y = silu((x - mean) / deviation * gain + shift), mean and deviation over groups of channels of a picture (GroupNorm);
 * x and y (count, pixels, channels), gain and shift (count, channels). Returns 1 where memory is short, else 0. */
int group_norm_silu(const float *x, const float *gain, const float *shift, float *y, long count, long pixels,
                    long channels, long groups, float epsilon, long threads) {
    enum { RUN = 128 }; /* pixels that are summed in single precision */
    long own = 2 * channels, each = channels / groups;
    double *sums = malloc(sizeof(double) * own * threads);
    float *memory = malloc(sizeof(float) * own * (threads + 1));
    if (!sums || !memory) {
        free(sums);
        free(memory);
        return 1;
    }
    float *factor = memory + own * threads, *add = factor + channels;
    for (long n = 0; n < count; n++) {
        const float *from = x + n * pixels * channels;
        float *to = y + n * pixels * channels;
        memset(sums, 0, sizeof(double) * own * threads);
#pragma omp parallel num_threads(threads)
        {
            long me = omp_get_thread_num();
            double *total = sums + me * own;
            float *part = memory + me * own;
#pragma omp for schedule(static)
            for (long start = 0; start < pixels; start += RUN) {
                memset(part, 0, sizeof(float) * own);
                for (long at = start; at < pixels && at < start + RUN; at++)
                    for (long c = 0; c < channels; c += LANES) {
                        /* Around the first pixel's values, or small deviations would drown in squares. */
                        vec value = load(from + at * channels + c) - load(from + c);
                        store(part + c, load(part + c) + value);
                        store(part + channels + c, load(part + channels + c) + value * value);
                    }
                for (long c = 0; c < own; c++) total[c] += part[c];
            }
#pragma omp single
            for (long g = 0; g < groups; g++) {
                double mean = 0, square = 0, size = (double)pixels * each;
                for (long c = g * each; c < (g + 1) * each; c++)
                    for (long t = 0; t < omp_get_num_threads(); t++) mean += sums[t * own + c];
                for (long c = g * each; c < (g + 1) * each; c++) mean += pixels * (double)from[c];
                mean /= size;
                for (long c = g * each; c < (g + 1) * each; c++) {
                    double sum = 0, squares = 0, off = from[c] - mean;
                    for (long t = 0; t < omp_get_num_threads(); t++) {
                        sum += sums[t * own + c];
                        squares += sums[t * own + channels + c];
                    }
                    square += squares + 2 * off * sum + pixels * off * off;
                }
                if (square < 0) square = 0; /* by cancellation */
                double scale = 1 / sqrt(square / size + epsilon);
                for (long c = g * each; c < (g + 1) * each; c++) {
                    factor[c] = (float)(scale * gain[n * channels + c]);
                    add[c] = (float)(shift[n * channels + c] - mean * scale * gain[n * channels + c]);
                }
            }
#pragma omp for schedule(static)
            for (long at = 0; at < pixels; at++)
                for (long c = 0; c < channels; c += LANES) {
                    vec value = load(from + at * channels + c) * load(factor + c) + load(add + c);
                    store(to + at * channels + c, value / (1.0f + exponential(-value)));
                }
        }
    }
    free(sums);
    free(memory);
    return 0;
}

/* Whether this processor can run what is in here. */
int winograd_usable(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return 1;
#endif
}
