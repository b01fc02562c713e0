// The host in a server's certificate: the outer TLS asks for it, the login for the identity only (N20).
#include <openssl/x509v3.h>

#include "cases.hpp"

namespace fairlead::paths {
namespace {

constexpr Presented kServer = Presented::by_server;

void name(Recipe& r, const std::string& hosts) {
  r.leaf().set("subjectAltName", "URI:fairlead://pie/server/hub.example" + hosts);
}

/// The dialler knows the listener by its address.
void address(Recipe& r, const std::string& hosts) {
  r.host = "127.0.0.1";
  name(r, hosts);
}

const Case kCases[] = {
    {"Host", "None", [](Recipe& r) { name(r, ""); }, kAdmitted,
     kept_out("certificate is for no host name, expected \"hub.pies.example\""), kServer},
    {"Host", "Another", [](Recipe& r) { name(r, ",DNS:other.example"); }, kAdmitted,
     kept_out("certificate is for \"other.example\", expected \"hub.pies.example\""), kServer},
    {"Host", "OneOfMany", [](Recipe& r) { name(r, ",DNS:other.example,DNS:hub.pies.example"); }, kAdmitted,
     kAdmitted, kServer},
    {"Host", "InCommonNameOnly",
     [](Recipe& r) {
       r.leaf().common_name = kHost;
       name(r, "");
     },
     kAdmitted, kept_out("certificate is for no host name, expected \"hub.pies.example\""), kServer},
    {"Host", "InCapitals", [](Recipe& r) { name(r, ",DNS:HUB.PIES.EXAMPLE"); }, kAdmitted, kAdmitted,
     kServer},
    {"Host", "TrailingDot", [](Recipe& r) { name(r, ",DNS:hub.pies.example."); }, kAdmitted,
     kept_out("certificate is for \"hub.pies.example.\", expected \"hub.pies.example\""), kServer},
    {"Host", "Subdomain", [](Recipe& r) { name(r, ",DNS:a.hub.pies.example"); }, kAdmitted,
     kept_out("certificate is for \"a.hub.pies.example\", expected \"hub.pies.example\""), kServer},
    {"Host", "ParentDomain", [](Recipe& r) { name(r, ",DNS:pies.example"); }, kAdmitted,
     kept_out("certificate is for \"pies.example\", expected \"hub.pies.example\""), kServer},
    {"Host", "LeadingDot", [](Recipe& r) { name(r, ",DNS:.pies.example"); }, kAdmitted,
     kept_out("certificate is for \".pies.example\", expected \"hub.pies.example\""), kServer},
    {"Host", "LookAlike", [](Recipe& r) { name(r, ",DNS:xn--hb-yka.pies.example"); }, kAdmitted,
     kept_out("certificate is for \"xn--hb-yka.pies.example\", expected \"hub.pies.example\""), kServer},
    {"Host", "Wildcard", [](Recipe& r) { name(r, ",DNS:*.pies.example"); }, kAdmitted, kAdmitted, kServer},
    {"Host", "WildcardOfTwoLabels", [](Recipe& r) { name(r, ",DNS:*.example"); }, kAdmitted,
     kept_out("certificate is for \"*.example\", expected \"hub.pies.example\""), kServer},
    {"Host", "WildcardAlone", [](Recipe& r) { name(r, ",DNS:*"); }, kAdmitted,
     kept_out("certificate is for \"*\", expected \"hub.pies.example\""), kServer},
    {"Host", "WildcardInside", [](Recipe& r) { name(r, ",DNS:hub.*.example"); }, kAdmitted,
     kept_out("certificate is for \"hub.*.example\", expected \"hub.pies.example\""), kServer},
    {"Host", "WildcardPart", [](Recipe& r) { name(r, ",DNS:h*.pies.example"); }, kAdmitted,
     kept_out("certificate is for \"h*.pies.example\", expected \"hub.pies.example\""), kServer},
    {"Host", "AsUri", [](Recipe& r) { name(r, ",URI:https://hub.pies.example"); }, kAdmitted,
     kept_out("certificate is for no host name, expected \"hub.pies.example\""), kServer},
    {"Host", "NulInside",
     [](Recipe& r) {
       r.leaf().change = [](X509* x) {
         put_names(x, GEN_DNS, {std::string("hub.pies.example\0.evil.example", 30)});
       };
     },
     refused("wrong_identity", "the server's certificate is for CN=hub.example"),
     kept_out("certificate is for \"hub.pies.example?.evil.example\", expected \"hub.pies.example\""),
     kServer},
    {"Host", "Address", [](Recipe& r) { address(r, ",IP:127.0.0.1"); }, kAdmitted, kAdmitted, kServer},
    {"Host", "AnotherAddress", [](Recipe& r) { address(r, ",IP:127.0.0.2"); }, kAdmitted,
     kept_out("certificate is for \"127.0.0.2\", expected \"127.0.0.1\""), kServer},
    {"Host", "AddressAsName", [](Recipe& r) { address(r, ",DNS:127.0.0.1"); }, kAdmitted,
     kept_out("certificate is for \"127.0.0.1\", expected \"127.0.0.1\""), kServer},
    {"Host", "AddressMapped", [](Recipe& r) { address(r, ",IP:::ffff:127.0.0.1"); }, kAdmitted,
     kept_out("certificate is for \"::ffff:127.0.0.1\", expected \"127.0.0.1\""), kServer},
    {"Host", "NameForAddress", [](Recipe& r) { address(r, ",DNS:hub.pies.example"); }, kAdmitted,
     kept_out("certificate is for \"hub.pies.example\", expected \"127.0.0.1\""), kServer},
};

}  // namespace

std::span<const Case> host_cases() { return kCases; }

}  // namespace fairlead::paths
