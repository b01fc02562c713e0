// Which keys and signatures are strong enough: P-256, P-384, Ed25519, RSA of 2048 to 4096 bits, SHA-2 (N19).
#include "cases.hpp"

namespace fairlead::paths {
namespace {

void authority(Recipe& r, const std::string& key) {
  r.add_between(1);
  r.at("ca-1").key = key;
}

const Case kCases[] = {
    {"Key", "P384", [](Recipe& r) { r.leaf().key = "P-384"; }, kAdmitted, kAdmitted},
    {"Key", "Ed25519", [](Recipe& r) { r.leaf().key = "ED25519"; }, kAdmitted, kAdmitted},
    {"Key", "Rsa2048", [](Recipe& r) { r.leaf().key = "RSA:2048"; }, kAdmitted, kAdmitted},
    {"Key", "Rsa3072", [](Recipe& r) { r.leaf().key = "RSA:3072"; }, kAdmitted, kAdmitted},
    {"Key", "Rsa4096", [](Recipe& r) { r.leaf().key = "RSA:4096"; }, kAdmitted, kAdmitted},
    {"Key", "Rsa1024", [](Recipe& r) { r.leaf().key = "RSA:1024"; },
     refused("bad_chain", "EE certificate key too weak at depth 0"),
     kept_out("was refused: EE certificate key too weak")},
    {"Key", "Rsa2040", [](Recipe& r) { r.leaf().key = "RSA:2040"; },
     refused("bad_chain", "a key in the chain is of a type that is not allowed"),
     kept_out("has a key that is not allowed")},
    {"Key", "Rsa4104", [](Recipe& r) { r.leaf().key = "RSA:4104"; },
     refused("bad_chain", "a key in the chain is of a type that is not allowed"),
     kept_out("has a key that is not allowed")},
    {"Key", "RsaWithExponentThree", [](Recipe& r) { r.leaf().key = "RSA3:2048"; },
     refused("bad_chain", "a key in the chain is of a type that is not allowed"),
     kept_out("has a key that is not allowed")},
    {"Key", "RsaForPssOnly", [](Recipe& r) { r.leaf().key = "RSA-PSS:2048"; }, kNeverShown,
     kept_out("has a key that is not allowed")},
    {"Key", "P192", [](Recipe& r) { r.leaf().key = "prime192v1"; }, kNeverShown, kNeverShown},
    {"Key", "P224", [](Recipe& r) { r.leaf().key = "P-224"; }, kNeverShown, kNeverShown},
    {"Key", "P521", [](Recipe& r) { r.leaf().key = "P-521"; }, kNeverShown,
     kept_out("has a key that is not allowed")},
    {"Key", "Secp256k1", [](Recipe& r) { r.leaf().key = "secp256k1"; }, kNeverShown, kNeverShown},
    {"Key", "Brainpool256", [](Recipe& r) { r.leaf().key = "brainpoolP256r1"; }, kNeverShown, kNeverShown},
    {"Key", "ExplicitP256", [](Recipe& r) { r.leaf().key = "explicit P-256"; },
     refused("bad_chain", "Certificate public key has explicit ECC parameters at depth 0"),
     kept_out("was refused: Certificate public key has explicit ECC parameters")},
    {"Key", "Ed448", [](Recipe& r) { r.leaf().key = "ED448"; }, kNeverShown,
     kept_out("has a key that is not allowed")},
    {"Key", "Dsa", [](Recipe& r) { r.leaf().key = "DSA"; }, kNeverShown, kNeverShown},
    {"AuthorityKey", "Ed25519", [](Recipe& r) { authority(r, "ED25519"); }, kAdmitted, kAdmitted},
    {"AuthorityKey", "Rsa2048", [](Recipe& r) { authority(r, "RSA:2048"); }, kAdmitted, kAdmitted},
    {"AuthorityKey", "Rsa1024", [](Recipe& r) { authority(r, "RSA:1024"); },
     refused("bad_chain", "CA certificate key too weak at depth 1"),
     kept_out("was refused: CA certificate key too weak")},
    {"AuthorityKey", "RsaWithExponentThree", [](Recipe& r) { authority(r, "RSA3:2048"); },
     refused("bad_chain", "a key in the chain is of a type that is not allowed"),
     kept_out("has a key that is not allowed")},
    {"AuthorityKey", "P192", [](Recipe& r) { authority(r, "prime192v1"); },
     refused("bad_chain", "CA certificate key too weak at depth 1"),
     kept_out("was refused: CA certificate key too weak")},
    {"AuthorityKey", "P521", [](Recipe& r) { authority(r, "P-521"); },
     refused("bad_chain", "a key in the chain is of a type that is not allowed"),
     kept_out("has a key that is not allowed")},
    {"AuthorityKey", "Secp256k1", [](Recipe& r) { authority(r, "secp256k1"); },
     refused("bad_chain", "a key in the chain is of a type that is not allowed"),
     kept_out("has a key that is not allowed")},
    {"AuthorityKey", "ExplicitP256", [](Recipe& r) { authority(r, "explicit P-256"); },
     refused("bad_chain", "Certificate public key has explicit ECC parameters at depth 1"),
     kept_out("was refused: Certificate public key has explicit ECC parameters")},
    {"AuthorityKey", "Dsa", [](Recipe& r) { authority(r, "DSA"); },
     refused("bad_chain", "CA certificate key too weak at depth 1"),
     kept_out("was refused: CA certificate key too weak")},
    {"RootKey", "Rsa1024", [](Recipe& r) { r.root().key = "RSA:1024"; },
     refused("bad_chain", "CA certificate key too weak at depth 1"),
     kept_out("was refused: CA certificate key too weak")},
    {"RootKey", "ExplicitP256", [](Recipe& r) { r.root().key = "explicit P-256"; },
     refused("bad_chain", "Certificate public key has explicit ECC parameters at depth 1"),
     kept_out("was refused: Certificate public key has explicit ECC parameters")},
    {"Digest", "Sha512", [](Recipe& r) { r.leaf().digest = "SHA512"; }, kAdmitted, kAdmitted},
    {"Digest", "Sha224", [](Recipe& r) { r.leaf().digest = "SHA224"; }, kAdmitted, kAdmitted},
    {"Digest", "Sha1", [](Recipe& r) { r.leaf().digest = "SHA1"; },
     refused("bad_chain", "CA signature digest algorithm too weak at depth 0"),
     kept_out("was refused: CA signature digest algorithm too weak")},
    {"Digest", "Md5",
     [](Recipe& r) {
       r.root().key = "RSA:2048";
       r.leaf().digest = "MD5";
     },
     refused("bad_chain", "CA signature digest algorithm too weak at depth 0"),
     kept_out("was refused: CA signature digest algorithm too weak")},
    {"Digest", "Sha1OfAnAuthority",
     [](Recipe& r) {
       r.add_between(1);
       r.at("ca-1").digest = "SHA1";
     },
     refused("bad_chain", "CA signature digest algorithm too weak at depth 1"),
     kept_out("was refused: CA signature digest algorithm too weak")},
    {"Digest", "Sha1OfTheRootItself", [](Recipe& r) { r.root().digest = "SHA1"; }, kAdmitted, kAdmitted},
};

}  // namespace

std::span<const Case> key_cases() { return kCases; }

}  // namespace fairlead::paths
