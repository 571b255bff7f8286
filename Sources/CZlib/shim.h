#ifndef MXCENSUS_CZlib_SHIM_H
#define MXCENSUS_CZlib_SHIM_H
#include <zlib.h>
#endif
