#include "provision/samples.hpp"

namespace fairlead::provision {

std::string_view privacy_sample() noexcept {
  return R"({
  "scopes": [
    {
      "name": "public",
      "properties": {},
      "task_result_filters": [],
      "task_data_filters": []
    }
  ],
  "default_scope": "public"
}
)";
}

}  // namespace fairlead::provision
