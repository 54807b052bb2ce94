/* generated from chapters/55-page-network.nw by noweb; do not edit */
#ifndef VOICE_H
#define VOICE_H
/* A network in a page. Nothing here is called by two at once. */
#include "checkpoint.h"
#include "sampling.h"

typedef struct {
    checkpoint c;           // the network, its settings and vocabulary
    text t;                 // what it learns from
    trainer r;              // and the trainer, if it learns
    int learns;
    sampler s;              // how it speaks, if it does
    int speaks;
    random_state chance;
    fault why;              // what has failed
} voice;

/* Declare what a page can call */
/* An empty voice, or NULL if there is no memory; it is released with the page. */
voice *voice_new(void);
/* Takes the network of a file; 0, or -1. */
int voice_load(voice *v, const char *path);
/* A fresh network with n units for the text in a file, and its trainer: pieces of T characters from B streams,
   K steps with Adam at the given rate. 0, or -1. */
int voice_begin(voice *v, const char *path, int n, int T, int B, int K, double rate, int seed);
/* One step of training: the loss in bits per character; NaN when there is none left. */
double voice_step(voice *v);
const char *voice_why(const voice *v);
/* Forgets what was said, and begins with a line break; 0, or -1. */
int voice_start(voice *v, int seed);
/* Reads a code point; 0, or -1 if the vocabulary lacks it. */
int voice_hear(voice *v, uint32_t code);
/* The distribution of the next character at temperature tau (1 × m), until the next call. */
const float *voice_chances(voice *v, double tau);
/* Draws the next character at that temperature, reads it, and returns its code point. */
uint32_t voice_speak(voice *v, double tau);
/* The hidden state (1 × n), and what the sizes are. */
const float *voice_state(const voice *v);
int voice_hidden(const voice *v);
int voice_symbols(const voice *v);
uint32_t voice_code(const voice *v, int symbol);
#endif
