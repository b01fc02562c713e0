/// An end of a login that is not of our making: OpenSSL behind our frames. It presents whatever it is given
/// and believes whatever it is shown.
#pragma once
#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <span>

#include "certificate_paths/draft.hpp"
#include "given.hpp"

namespace fairlead::auth {

class Stranger {
 public:
  /// Presents the leaf of `path` and what is sent with it.
  Stranger(paths::Side side, const paths::Path& path);

  /// Goes on with these bytes of the handshake; what is to be sent.
  base::Bytes feed(base::ByteView tls_bytes);
  bool done() const;
  /// Encrypts; what is to be sent.
  base::Bytes write(base::ByteView plain);
  /// Everything that was said to it so far.
  base::Bytes read();

 private:
  base::Bytes take_output();

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

/// What one end of a login says about the certificate of the other: "admitted", or the code of the refusal
/// and the text beside it.
struct Judgement {
  std::string code, text;
};

/// The server's word on a client that presents `path` over a clear link; `world` trusts what the case says.
Judgement server_judges(World& world, const paths::Path& path);
/// The client's word on a server that presents `path`: admitted once it says who it is.
Judgement client_judges(World& world, const paths::Path& path);

}  // namespace fairlead::auth
