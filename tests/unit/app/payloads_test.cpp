#include "app/payloads.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "app/handlers.hpp"

namespace fairlead::app {
namespace {

TEST(PayloadSources, KeepsTheOrderTextFilesInput) {
  MessageArguments arguments;
  arguments.data = {"a"};
  arguments.files = {"f", "g"};
  arguments.standard_input = "-";

  const auto sources = payload_sources(arguments);

  ASSERT_EQ(sources->size(), 4u);
  EXPECT_EQ((*sources)[0].kind, PayloadSource::Kind::text);
  EXPECT_EQ((*sources)[2].value, "g");
  EXPECT_EQ((*sources)[3].kind, PayloadSource::Kind::standard_input);
}

TEST(PayloadSources, RefusesNothingToSend) {
  EXPECT_EQ(payload_sources({}).error().code, base::ErrorCode::bad_arguments);
}

TEST(PayloadSources, RefusesAnArgumentThatIsNotADash) {
  MessageArguments arguments;
  arguments.standard_input = "file";

  EXPECT_FALSE(payload_sources(arguments).has_value());
}

TEST(ReadPayload, ReadsStandardInput) {
  std::istringstream in("hello");

  EXPECT_EQ(base::to_text(*read_payload({PayloadSource::Kind::standard_input, "standard input"}, in)),
            "hello");
}

TEST(ReadPayload, TakesSixteenMebibytes) {
  std::istringstream in(std::string(kMostPayload, 'a'));

  EXPECT_EQ(read_payload({PayloadSource::Kind::standard_input, "standard input"}, in)->size(), kMostPayload);
}

TEST(ReadPayload, RefusesOneByteMore) {
  std::istringstream in(std::string(kMostPayload + 1, 'a'));

  const auto payload = read_payload({PayloadSource::Kind::standard_input, "standard input"}, in);

  EXPECT_EQ(payload.error().code, base::ErrorCode::bad_arguments);
}

TEST(ReadPayload, RefusesAFileThatIsNotThere) {
  std::istringstream in;

  EXPECT_FALSE(read_payload({PayloadSource::Kind::file, "/nonexistent/file"}, in).has_value());
}

}  // namespace
}  // namespace fairlead::app
