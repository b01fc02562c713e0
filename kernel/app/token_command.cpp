#include "app/token_command.hpp"

#include <algorithm>
#include <ostream>

#include "app/admin_commands.hpp"
#include "base/words.hpp"
#include "config/overrides.hpp"
#include "node/delegate.hpp"

namespace fairlead::app {
namespace {

/// "a, b": blanks around a name are not part of it.
std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const size_t comma = text.find(',');
    std::string_view part = text.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    parts.emplace_back(part);
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

/// site-1/sensor -> site-1-sensor, here.
std::string default_folder(std::string endpoint) {
  std::ranges::replace(endpoint, '/', '-');
  return endpoint;
}

base::Result<base::Json> make(const DelegateArguments& arguments, const Output& output) {
  kit::DelegationOrder order;
  order.endpoint = arguments.endpoint;
  order.topics = split_list(arguments.topics);
  const auto life = config::parse_duration(arguments.life);
  if (!life)
    return base::fail(base::ErrorCode::bad_arguments, "--ttl " + arguments.life + ": " + life.error().text,
                      "use a time from 1s to 24h");
  order.life = *life;
  order.folder = arguments.folder.empty() ? default_folder(arguments.endpoint) : arguments.folder;
  const base::SystemClock clock;
  base::SystemRandom random;
  FAIRLEAD_TRY(const auto made, node::delegate(arguments.kit, order, clock, random));
  output.err << "made " << order.folder.string() << ": " << made.endpoint << " may send "
             << base::joined(made.topics) << " until " << time_text(made.expires.time_since_epoch().count())
             << " UTC"
             << "\nit holds a private key: hand the folder to that process alone, readable by its user only\n"
             << std::flush;
  base::Json topics = base::Json::array();
  for (const std::string& topic : made.topics) topics.add(topic);
  return base::Json::object({{"folder", order.folder.string()},
                             {"endpoint", made.endpoint},
                             {"topics", std::move(topics)},
                             {"expires_ms", int64_t{made.expires.time_since_epoch().count()}}});
}

}  // namespace

int run_delegate(const DelegateArguments& arguments, const Output& output) {
  base::Result<base::Json> data = make(arguments, output);
  return data ? succeed(std::move(*data), output) : report(data.error(), output);
}

}  // namespace fairlead::app
