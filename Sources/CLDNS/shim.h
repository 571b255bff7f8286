#ifndef MXCENSUS_CLDNS_SHIM_H
#define MXCENSUS_CLDNS_SHIM_H
/* OpenSSL 3 calls the functions of one algorithm deprecated; those of all algorithms take a long way to the same code. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <ldns/ldns.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#endif
