// libcrypto, for the benchmark's peers and the tests' oracle. The library itself never links it.
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
