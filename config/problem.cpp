// SPDX-License-Identifier: Apache-2.0
#include "config/problem.hpp"

#include "config/schema.hpp"

#include <algorithm>

namespace plimsoll::config {
namespace {

constexpr std::string_view kMask = "…";

std::string_view line_of(std::string_view text, std::uint32_t number) {
    for (std::uint32_t i = 1; i < number; ++i) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
    std::string_view line = text.substr(0, text.find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

bool names_a_secret(std::string_view line) {
    const std::size_t from = std::min(line.find_first_not_of(" \t\""), line.size());
    const std::string_view rest = line.substr(from);
    const std::string_view word = rest.substr(0, rest.find_first_of(" \t\"=."));
    return std::ranges::any_of(keys(), [&](const Key& key) { return key.name == word && is_secret(key); });
}

/// The line as it may be shown: what follows '=' is hidden where it may be an endpoint's address.
std::string shown(std::string_view line, ProblemCode code) {
    const std::size_t equals = line.find('=');
    const bool may_be_secret =
        code == ProblemCode::unknown_key || names_a_secret(line) || line.find("//") != std::string_view::npos;
    std::string out{line};
    if (may_be_secret) {
        if (equals == std::string_view::npos)
            return line.find("//") == std::string_view::npos ? out : std::string{kMask};
        const std::size_t value = std::min(line.find_first_not_of(" \t", equals + 1), line.size());
        out = std::string{line.substr(0, value)} + std::string{kMask};
    }
    std::ranges::replace_if(
        out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    constexpr std::size_t kWidest = 160;
    if (out.size() > kWidest) out = out.substr(0, kWidest);
    return out;
}

/// Columns are counted in characters, and UTF-8 continuation bytes are not characters.
std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void append_quote(std::string& out, const Problems& problems, const Problem& problem) {
    const std::string line = shown(line_of(problems.text, problem.place.line), problem.code);
    const std::string number = std::to_string(problem.place.line);
    const std::string margin(number.size(), ' ');
    const std::size_t width = columns(line);
    const std::size_t start =
        std::min<std::size_t>(problem.place.column > 0 ? problem.place.column - 1 : 0, width);
    const std::size_t carets =
        std::clamp<std::size_t>(problem.place.length, 1, std::max<std::size_t>(width - start, 1));
    out += " " + margin + " |\n " + number + " | " + line + "\n " + margin + " | ";
    out += std::string(start, ' ') + std::string(carets, '^') + "\n";
}

}  // namespace

bool Problems::all(ProblemCode code) const noexcept {
    return std::ranges::all_of(list, [code](const Problem& problem) { return problem.code == code; });
}

bool Problems::all_from_flags() const noexcept {
    return std::ranges::all_of(list, [](const Problem& problem) { return problem.source.starts_with("--"); });
}

std::string render(const Problems& problems) {
    std::string out;
    for (const Problem& problem : problems.list) {
        out += "error[E" + std::to_string(static_cast<unsigned>(problem.code)) + "] " + problem.what + "\n";
        out += "  --> " + (problem.source.empty() ? problems.file : problem.source);
        if (problem.place.line != 0) {
            out +=
                ":" + std::to_string(problem.place.line) + ":" + std::to_string(problem.place.column) + "\n";
            append_quote(out, problems, problem);
        } else {
            out += "\n";
        }
        if (!problem.fix.empty()) out += "   = fix: " + problem.fix + "\n";
    }
    return out;
}

}  // namespace plimsoll::config
