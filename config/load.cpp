// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include "config/choices.hpp"
#include "config/document.hpp"
#include "config/loader.hpp"
#include "config/networks.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace plimsoll::config {
namespace {

std::optional<Network> network_named(std::string_view word) {
    for (const Network network : Choices<Network>::kAll)
        if (to_string(network) == word) return network;
    return std::nullopt;  // said where the value is read
}

std::optional<std::string> last_value(const std::vector<Setting>& settings, std::string_view key) {
    const auto found = std::find_if(settings.rbegin(), settings.rend(),
                                    [&](const Setting& setting) { return setting.key == key; });
    return found == settings.rend() ? std::nullopt : std::optional{found->value};
}

std::optional<std::string> in_document(const Document& document) {
    for (const Section& section : document.sections) {
        if (section.name != "chain") continue;
        for (const Entry& entry : section.entries) {
            const bool text = entry.value && std::holds_alternative<std::string>(*entry.value);
            if (entry.key == "network" && text) return std::get<std::string>(*entry.value);
        }
    }
    return std::nullopt;
}

/// The network is chosen before anything else is read: its facts lie below all that is.
Network choose_network(const Sources& sources, const Document& document) {
    auto word = last_value(sources.flags, "chain.network");
    if (!word) word = last_value(sources.environment, "PLIMSOLL_CHAIN__NETWORK");
    if (!word) word = in_document(document);
    return word ? network_named(*word).value_or(Network::custom) : Network::custom;
}

void sort_by_place(std::vector<Problem>& problems) {
    std::ranges::stable_sort(problems, {}, [](const Problem& problem) {
        const std::uint32_t line = problem.place.line == 0 ? ~std::uint32_t{0} : problem.place.line;
        return std::pair{line, problem.place.column};
    });
}

}  // namespace

Loaded load(const Sources& sources, const Surroundings& surroundings) {
    Problems problems;
    Document document;
    if (sources.file) {
        problems.file = sources.file->name;
        problems.text = sources.file->text;
        auto parsed = parse_document(sources.file->text);
        if (!parsed) {
            problems.list.push_back(std::move(parsed).error());
            return tl::make_unexpected(std::move(problems));
        }
        document = *std::move(parsed);
    } else {
        problems.file = "(no configuration file)";
    }
    Loader loader{problems, surroundings};
    const Network network = choose_network(sources, document);
    if (network != Network::custom) {
        const auto facts = parse_document(network_file(network));
        if (facts) loader.read(*facts, Layer::network, std::string{to_string(network)});
    }
    loader.read(document, Layer::file, problems.file);
    loader.apply(sources.environment, Layer::environment);
    loader.apply(sources.flags, Layer::flag);
    Effective effective = loader.finish();
    if (problems.list.empty()) return effective;
    sort_by_place(problems.list);
    return tl::make_unexpected(std::move(problems));
}

tl::expected<FileText, Problems> read_file(const std::string& path) {
    const auto unreadable = [&](std::string why) {
        Problem problem{ProblemCode::unreadable, {}, std::move(why), "name the right file with --config"};
        return tl::make_unexpected(Problems{path, {}, {std::move(problem)}});
    };
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return unreadable("the configuration file is a folder");
    std::ifstream stream{path, std::ios::binary};
    if (!stream.is_open()) return unreadable("the configuration file cannot be opened");
    std::string text(kLargestFile + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad()) return unreadable("the configuration file cannot be read");
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return FileText{path, std::move(text)};
}

tl::expected<Config, Problems> load_text(std::string_view text, std::string file) {
    const Sources sources{FileText{std::move(file), std::string{text}}, {}, {}};
    return load(sources, surroundings_of_process()).map([](Effective effective) {
        return std::move(effective.config);
    });
}

}  // namespace plimsoll::config
