/// What the C library has of its heap and Swift's overlay of it lacks.
#ifndef CHEAP_H
#define CHEAP_H

/// Gives memory that is free back to the operating system, wherever in the heap it lies.
void cheap_trim(void);

#endif
