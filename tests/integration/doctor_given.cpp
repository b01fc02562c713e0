#include "integration/doctor_given.hpp"

#include <set>

namespace fairlead::integration {
namespace {

Diagnosis read(const Finished& finished) {
  const auto parsed = base::Json::parse(finished.out);
  EXPECT_TRUE(parsed.has_value()) << finished.out << finished.err;
  EXPECT_EQ(finished.err, "");
  return {finished.code, parsed ? *parsed : base::Json()};
}

Words doctor_words(Words words) {
  words.insert(words.begin(), "doctor");
  words.push_back("--json");
  return words;
}

}  // namespace

const base::Json& Diagnosis::row(const std::string& component) const {
  static const base::Json none;
  for (const base::Json& one : object["data"]["rows"].items())
    if (one["component"].text() == component) return one;
  return none;
}

Diagnosis diagnose(Words words, const Words& environment) {
  return read(fairlead(doctor_words(std::move(words)), {.environment = environment}));
}

Diagnosis diagnose_at(const std::string& offset, Words words) {
  return read(RunningProcess(at_other_time(offset, doctor_words(std::move(words)))).finish());
}

void expect_cause(const Diagnosis& diagnosis, int code, const std::string& component,
                  const std::string& detail) {
  EXPECT_EQ(diagnosis.code, code) << diagnosis.object.dump(2);
  EXPECT_NE(diagnosis.detail(component).find(detail), std::string::npos) << diagnosis.object.dump(2);
  EXPECT_NE(diagnosis.remedy(component), "");
  std::set<std::string> failed;
  for (const base::Json& one : diagnosis.object["data"]["rows"].items())
    if (one["status"].text() == "failed") failed.insert(one["component"].text());
  EXPECT_EQ(failed, std::set<std::string>{component}) << diagnosis.object.dump(2);
  EXPECT_EQ(diagnosis.object["status"].text(), "error");
}

}  // namespace fairlead::integration
