// The door to OpenSSL's libcrypto: digests alone.
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
