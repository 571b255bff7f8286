#ifndef MXCENSUS_CLDNS_SHIM_H
#define MXCENSUS_CLDNS_SHIM_H
#include <ldns/ldns.h>
#endif
