/// What send and request put into messages: texts, files, standard input.
#pragma once
#include <iosfwd>
#include <string>
#include <vector>

#include "app/arguments.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace fairlead::app {

/// One payload; read when its turn comes, so that many files need not fit into memory together.
struct PayloadSource {
  enum class Kind { text, file, standard_input };
  Kind kind = Kind::text;
  std::string value;  ///< the text, or the file's path
};

/// In the order text, files, stdin. bad_arguments when the command line names none.
base::Result<std::vector<PayloadSource>> payload_sources(const MessageArguments& arguments);
/// The bytes. bad_arguments: cannot be read, or more than kMostPayload.
base::Result<base::Bytes> read_payload(const PayloadSource& source, std::istream& standard_input);

}  // namespace fairlead::app
