#include "kit/defect.hpp"

#include <system_error>

namespace fairlead::kit {

tl::unexpected<base::Error> defect(const char* reason, const std::filesystem::path& file, std::string text,
                                   std::string hint) {
  if (hint.empty()) hint = "copy the kit again from the one that provision made";
  return tl::unexpected<base::Error>(base::Error{base::ErrorCode::bad_configuration, std::move(text),
                                                 std::move(hint), file.string() + ":1:1", reason});
}

std::string octal(uint32_t mode) {
  std::string text = "0";
  for (int shift = 6; shift >= 0; shift -= 3) text += static_cast<char>('0' + ((mode >> shift) & 7));
  return text;
}

std::string errno_text(int error) { return std::generic_category().message(error); }

}  // namespace fairlead::kit
