#ifndef MXCENSUS_CMalloc_SHIM_H
#define MXCENSUS_CMalloc_SHIM_H
#include <malloc.h>
#endif
