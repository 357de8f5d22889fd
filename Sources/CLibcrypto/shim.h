// libcrypto: what KernelsCrypto is built on, the benchmark's peers and the tests' oracle. Kernels itself never links it.
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/sha.h>
