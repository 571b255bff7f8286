#ifndef MXCENSUS_CLDNS_SHIM_H
#define MXCENSUS_CLDNS_SHIM_H
/* ldns makes RSA keys in OpenSSL's older form, which OpenSSL 3 still takes but calls deprecated. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <ldns/ldns.h>
#endif
