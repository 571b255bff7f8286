// SPDX-License-Identifier: Apache-2.0
/* What a mail host of the world shows in a handshake. */
#pragma once
#include <openssl/ssl.h>

enum certificate { IS_GOOD, HAS_EXPIRED, SIGNS_ITSELF, NAMES_ANOTHER, LACKS_ISSUER };

/* Reads issuer.pem, issuer.key and leaf.key. */
void read_authority(const char *folder);

/* Chain and key for the name that the client asks for (RFC 6066, section 3); 1, or 0 where it cannot. */
int use_certificate(SSL *ssl, enum certificate kind);
