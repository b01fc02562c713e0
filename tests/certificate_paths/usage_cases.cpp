// What a key may do: EKU and KU of the leaf, EKU of an authority (N19).
#include "cases.hpp"

namespace fairlead::paths {
namespace {

void purpose(Recipe& r, const std::string& value) { r.leaf().set("extendedKeyUsage", value); }
void usage(Recipe& r, const std::string& value) { r.leaf().set("keyUsage", value); }
void purpose_of_authority(Recipe& r, const std::string& value) {
  r.add_between(1);
  r.at("ca-1").set("extendedKeyUsage", value);
}

const Case kCases[] = {
    {"Purpose", "None", [](Recipe& r) { r.leaf().drop("extendedKeyUsage"); },
     refused("wrong_usage", "the leaf has no extended key usage"),
     kept_out("is not meant for this side of a connection (extended key usage)")},
    {"Purpose", "AnyOnly", [](Recipe& r) { purpose(r, "anyExtendedKeyUsage"); },
     refused("wrong_usage", "unsuitable certificate purpose at depth 0"),
     kept_out("is not meant for this side of a connection (extended key usage)")},
    {"Purpose", "AnyBesideTheRightOne",
     [](Recipe& r) { purpose(r, std::string("anyExtendedKeyUsage,") + r.purpose()); }, kAdmitted, kAdmitted},
    {"Purpose", "OfTheOtherEnd", [](Recipe& r) { purpose(r, r.other_purpose()); },
     refused("wrong_usage", "unsuitable certificate purpose at depth 0"),
     kept_out("is not meant for this side of a connection (extended key usage)")},
    {"Purpose", "OfBothEnds", [](Recipe& r) { purpose(r, "clientAuth,serverAuth"); }, kAdmitted, kAdmitted},
    {"Purpose", "CodeSigning", [](Recipe& r) { purpose(r, "codeSigning"); },
     refused("wrong_usage", "unsuitable certificate purpose at depth 0"),
     kept_out("is not meant for this side of a connection (extended key usage)")},
    {"Purpose", "TokenSigning", [](Recipe& r) { purpose(r, "1.3.6.1.4.1.61616.1.1"); },
     refused("wrong_usage", "unsuitable certificate purpose at depth 0"),
     kept_out("is not meant for this side of a connection (extended key usage)")},
    {"Purpose", "SteppedUpCryptography", [](Recipe& r) { purpose(r, "msSGC,nsSGC"); },
     refused("wrong_usage", "unsuitable certificate purpose at depth 0"),
     kept_out("is not meant for this side of a connection (extended key usage)"), Presented::by_client},
    {"Purpose", "SteppedUpCryptography", [](Recipe& r) { purpose(r, "msSGC,nsSGC"); },
     refused("wrong_usage", "the leaf's extended key usage is another"),
     kept_out("is not meant for this side of a connection (extended key usage)"), Presented::by_server},
    {"Purpose", "Critical", [](Recipe& r) { purpose(r, std::string("critical,") + r.purpose()); }, kAdmitted,
     kAdmitted},
    {"Purpose", "Empty", [](Recipe& r) { purpose(r, "DER:3000"); },
     refused("wrong_usage", "unsuitable certificate purpose at depth 0"),
     kept_out("is not meant for this side of a connection (extended key usage)")},
    {"Purpose", "Twice", [](Recipe& r) { r.leaf().repeat("extendedKeyUsage", r.other_purpose()); },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"Purpose", "NoPurpose", [](Recipe& r) { purpose(r, "DER:0500"); },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"Purpose", "AuthorityOfTheOtherEnd", [](Recipe& r) { purpose_of_authority(r, r.other_purpose()); },
     refused("wrong_usage", "unsuitable certificate purpose at depth 1"),
     kept_out("is not meant for this side of a connection (extended key usage)")},
    {"Purpose", "AuthorityOfThisEnd", [](Recipe& r) { purpose_of_authority(r, r.purpose()); }, kAdmitted,
     kAdmitted},
    {"Purpose", "AuthorityOfCodeSigning", [](Recipe& r) { purpose_of_authority(r, "codeSigning"); },
     refused("wrong_usage", "unsuitable certificate purpose at depth 1"),
     kept_out("is not meant for this side of a connection (extended key usage)")},
    {"Purpose", "AuthorityOfAny", [](Recipe& r) { purpose_of_authority(r, "anyExtendedKeyUsage"); },
     refused("wrong_usage", "unsuitable certificate purpose at depth 1"),
     kept_out("is not meant for this side of a connection (extended key usage)")},
    {"Purpose", "RootOfTheOtherEnd", [](Recipe& r) { r.root().set("extendedKeyUsage", r.other_purpose()); },
     refused("wrong_usage", "unsuitable certificate purpose at depth 1"),
     kept_out("is not meant for this side of a connection (extended key usage)")},
    {"KeyUsage", "None", [](Recipe& r) { r.leaf().drop("keyUsage"); },
     refused("wrong_usage", "the leaf has no key usage"),
     kept_out("does not allow digital signatures (key usage)")},
    {"KeyUsage", "KeyAgreement", [](Recipe& r) { usage(r, "critical,keyAgreement"); },
     refused("wrong_usage", "the leaf's key usage lacks digitalSignature"),
     kept_out("does not allow digital signatures (key usage)")},
    {"KeyUsage", "KeyEncipherment", [](Recipe& r) { usage(r, "critical,keyEncipherment"); },
     refused("wrong_usage", "unsuitable certificate purpose at depth 0"),
     kept_out("is not meant for this side of a connection (extended key usage)"), Presented::by_client},
    {"KeyUsage", "KeyEncipherment", [](Recipe& r) { usage(r, "critical,keyEncipherment"); },
     refused("wrong_usage", "the leaf's key usage lacks digitalSignature"),
     kept_out("does not allow digital signatures (key usage)"), Presented::by_server},
    {"KeyUsage", "NonRepudiation", [](Recipe& r) { usage(r, "critical,nonRepudiation"); },
     refused("wrong_usage", "unsuitable certificate purpose at depth 0"),
     kept_out("is not meant for this side of a connection (extended key usage)")},
    {"KeyUsage", "ListSigning", [](Recipe& r) { usage(r, "critical,cRLSign"); },
     refused("wrong_usage", "unsuitable certificate purpose at depth 0"),
     kept_out("is not meant for this side of a connection (extended key usage)")},
    {"KeyUsage", "SignatureAndEncipherment",
     [](Recipe& r) { usage(r, "critical,digitalSignature,keyEncipherment"); }, kAdmitted, kAdmitted},
    {"KeyUsage", "NotCritical", [](Recipe& r) { usage(r, "digitalSignature"); }, kAdmitted, kAdmitted},
    {"KeyUsage", "CertificateSigning", [](Recipe& r) { usage(r, "critical,digitalSignature,keyCertSign"); },
     refused("wrong_usage", "Key usage keyCertSign invalid for non-CA cert at depth 0"),
     kept_out("was refused: Key usage keyCertSign invalid for non-CA cert")},
    {"KeyUsage", "Empty", [](Recipe& r) { usage(r, "critical,DER:030100"); },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"KeyUsage", "Twice", [](Recipe& r) { r.leaf().repeat("keyUsage", "critical,keyAgreement"); },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"KeyUsage", "NoUsage", [](Recipe& r) { usage(r, "critical,DER:0500"); },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"KeyUsage", "OldTypeOfTheOtherEnd",
     [](Recipe& r) { r.leaf().set("nsCertType", r.side == Side::client ? "server" : "client"); },
     refused("wrong_usage", "unsuitable certificate purpose at depth 0"),
     kept_out("is not meant for this side of a connection (extended key usage)")},
};

}  // namespace

std::span<const Case> usage_cases() { return kCases; }

}  // namespace fairlead::paths
