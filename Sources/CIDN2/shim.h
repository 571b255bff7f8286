#ifndef MXCENSUS_CIDN2_SHIM_H
#define MXCENSUS_CIDN2_SHIM_H
#include <idn2.h>
#endif
