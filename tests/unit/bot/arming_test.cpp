// SPDX-License-Identifier: Apache-2.0
#include "bot/arming.hpp"

#include "bot/exit_code.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace plimsoll::bot {
namespace {

using config::Mode;
using config::SignerType;

constexpr EndpointFacts kDevnet{true, ChainId{31337}};
constexpr EndpointFacts kRemoteDevnet{false, ChainId{31337}};
constexpr EndpointFacts kLocalMainnet{true, ChainId{1}};

/// What one row of the table leads to.
enum class End { live, beyond, dry_run, dry_run_with_note, refused };

struct Row {
    Mode file;
    LiveFlag flag;
    SignerType signer;
    std::vector<EndpointFacts> endpoints;
    End end;
    const char* because;  // a word of the note or of the refusal
};

End end_of(const Result<Arming>& result) {
    if (!result) return result.error().code == Errc::refused ? End::refused : End::live;
    if (result->mode == Mode::live) return result->beyond ? End::beyond : End::live;
    return result->note.empty() ? End::dry_run : End::dry_run_with_note;
}

TEST(Arming, FollowsTheTable) {
    const std::vector<Row> rows{
        {Mode::live, LiveFlag::given, SignerType::dev, {kDevnet}, End::live, ""},
        {Mode::live, LiveFlag::given, SignerType::dev, {kDevnet, kDevnet}, End::live, ""},
        {Mode::live, LiveFlag::absent, SignerType::dev, {kDevnet}, End::dry_run_with_note, "--live"},
        {Mode::live, LiveFlag::forbidden, SignerType::dev, {kDevnet}, End::dry_run, ""},
        {Mode::dry_run, LiveFlag::absent, SignerType::dev, {kDevnet}, End::dry_run, ""},
        {Mode::dry_run, LiveFlag::absent, SignerType::none, {kLocalMainnet}, End::dry_run, ""},
        {Mode::dry_run, LiveFlag::forbidden, SignerType::none, {}, End::dry_run, ""},
        {Mode::dry_run, LiveFlag::given, SignerType::dev, {kDevnet}, End::refused, "keeper.mode"},
        {Mode::live, LiveFlag::given, SignerType::none, {kDevnet}, End::refused, "signer.type"},
        {Mode::live, LiveFlag::given, SignerType::dev, {}, End::refused, "no endpoint"},
        {Mode::live, LiveFlag::given, SignerType::dev, {kRemoteDevnet}, End::beyond, ""},
        {Mode::live, LiveFlag::given, SignerType::dev, {kDevnet, kRemoteDevnet}, End::beyond, ""},
        {Mode::live, LiveFlag::given, SignerType::dev, {kLocalMainnet}, End::beyond, ""},
        {Mode::live, LiveFlag::given, SignerType::dev, {kDevnet, kLocalMainnet}, End::beyond, ""},
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        config::Config config;
        config.keeper.mode = rows[i].file;
        config.signer.type = rows[i].signer;
        const auto result = arming(config, rows[i].flag, rows[i].endpoints);
        EXPECT_EQ(end_of(result), rows[i].end) << "row " << i;
        const std::string said = result ? result->note : result.error().context;
        EXPECT_NE(said.find(rows[i].because), std::string::npos) << "row " << i << ": " << said;
    }
}

TEST(ExitCode, TellsTheCallerWhatKindOfTroubleItIs) {
    EXPECT_EQ(exit_code(Errc::refused), ExitCode::refused);
    EXPECT_EQ(exit_code(Errc::wrong_chain), ExitCode::wrong_peer);
    EXPECT_EQ(exit_code(Errc::no_code), ExitCode::wrong_peer);
    EXPECT_EQ(exit_code(Errc::unproven), ExitCode::wrong_peer);
    EXPECT_EQ(exit_code(Errc::disconnected), ExitCode::unavailable);
    EXPECT_EQ(exit_code(Errc::config_invalid), ExitCode::config);
    EXPECT_EQ(static_cast<int>(ExitCode::refused), 77);
    EXPECT_EQ(static_cast<int>(ExitCode::wrong_peer), 76);
    EXPECT_EQ(static_cast<int>(ExitCode::unavailable), 69);
}

}  // namespace
}  // namespace plimsoll::bot
