#ifndef MXCENSUS_CPSL_SHIM_H
#define MXCENSUS_CPSL_SHIM_H
#include <libpsl.h>
#endif
