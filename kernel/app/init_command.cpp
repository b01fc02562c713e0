#include "app/init_command.hpp"

#include <filesystem>
#include <ostream>

#include "base/names.hpp"
#include "config/project_template.hpp"
#include "kit/durable.hpp"

namespace fairlead::app {
namespace {

namespace fs = std::filesystem;

base::Status check_name(const std::string& name) {
  const bool is_folder_name = name != "." && name != "..";  // kits stand in a folder of that name
  if (is_folder_name && base::check_participant_name(base::ParticipantType::server, name)) return {};
  return base::fail(base::ErrorCode::bad_arguments, "--name \"" + name + "\" cannot be the name of a project",
                    "use 1 to 255 of letters, digits, dot, underscore and dash");
}

base::Status write_project(const std::string& path, const std::string& text) {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(path, ignored)))
    return base::fail(base::ErrorCode::failed, "cannot write " + path + ": it exists, and is left as it is",
                      "name another file with -o, or remove this one");
  return kit::write_new_file(path, base::as_bytes(text), kit::kFileMode);
}

}  // namespace

int run_init(const InitArguments& arguments, const Output& output) {
  if (const auto good = check_name(arguments.name); !good) return report(good.error(), output);
  const std::string text = config::project_template(arguments.name);
  if (arguments.output == "-") {
    if (output.form == Form::text) output.out << text << std::flush;
    return succeed(base::Json::object({{"name", arguments.name}, {"text", text}}), output);
  }
  if (const auto written = write_project(arguments.output, text); !written)
    return report(written.error(), output);
  output.err << "made " << arguments.output << "; edit it, then run `fairlead config check` on it"
             << std::endl;
  return succeed(base::Json::object({{"name", arguments.name}, {"path", arguments.output}}), output);
}

}  // namespace fairlead::app
