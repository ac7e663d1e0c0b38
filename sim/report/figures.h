/* figures.h - numbers that others published, with where they stand. */
#ifndef SIMRITE_FIGURES_H
#define SIMRITE_FIGURES_H

struct figure {
	const char *what;
	long long keys;
	const char *source;
};

/* Subscriber keys, by loss; ends with a NULL `what`. */
extern const struct figure figures[];

#endif
