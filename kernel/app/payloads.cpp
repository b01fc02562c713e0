#include "app/payloads.hpp"

#include <filesystem>
#include <fstream>
#include <istream>

#include "app/handlers.hpp"

namespace fairlead::app {
namespace {

tl::unexpected<base::Error> bad(std::string what, std::string hint) {
  return base::fail(base::ErrorCode::bad_arguments, std::move(what), std::move(hint));
}

base::Status check_size(size_t size, const std::string& what) {
  if (size <= kMostPayload) return {};
  return bad(what + " has more than 16 MiB, the most one message can carry", "split it");
}

/// At most one byte more than allowed, so that a pipe without end is noticed too.
base::Result<base::Bytes> read_all(std::istream& from, const std::string& what) {
  std::string all;
  std::string room(size_t{1} << 16, '\0');
  while (from.good() && all.size() <= kMostPayload) {
    from.read(room.data(), static_cast<std::streamsize>(room.size()));
    all.append(room, 0, static_cast<size_t>(from.gcount()));
  }
  if (from.bad()) return bad("cannot read " + what, "check that it is a readable file");
  FAIRLEAD_TRY(check_size(all.size(), what));
  return base::to_bytes(all);
}

}  // namespace

base::Result<std::vector<PayloadSource>> payload_sources(const MessageArguments& arguments) {
  std::vector<PayloadSource> sources;
  for (const std::string& text : arguments.data) sources.push_back({PayloadSource::Kind::text, text});
  for (const std::string& file : arguments.files) sources.push_back({PayloadSource::Kind::file, file});
  if (arguments.standard_input == "-")
    sources.push_back({PayloadSource::Kind::standard_input, "standard input"});
  else if (!arguments.standard_input.empty())
    return bad("unexpected argument \"" + arguments.standard_input + "\"",
               "use --data TEXT, --file FILE or -");
  if (sources.empty())
    return bad("there is nothing to send", "use --data TEXT, --file FILE or - for standard input");
  return sources;
}

base::Result<base::Bytes> read_payload(const PayloadSource& source, std::istream& standard_input) {
  if (source.kind == PayloadSource::Kind::text) {
    FAIRLEAD_TRY(check_size(source.value.size(), "--data"));
    return base::to_bytes(source.value);
  }
  if (source.kind == PayloadSource::Kind::standard_input) return read_all(standard_input, source.value);
  std::error_code ignored;
  std::ifstream file(source.value, std::ios::binary);
  if (std::filesystem::is_directory(source.value, ignored) || !file.good())
    return bad("cannot read " + source.value, "check that it is a readable file");
  return read_all(file, source.value);
}

}  // namespace fairlead::app
