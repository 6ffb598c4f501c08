// SPDX-License-Identifier: Apache-2.0
#include "bot/config_flags.hpp"

#include <string_view>

namespace plimsoll::bot {
namespace {

/// "--chain.id" of "--chain.id=1": a flag with a dot in its name is a key of the configuration.
bool names_a_key(std::string_view flag) {
    return flag.starts_with("--") && flag.find('.') != std::string_view::npos;
}

Result<ConfigFlag> from_set(const std::string& setting) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
        return fail(Errc::malformed_input, "--set wants table.key=value, for instance --set log.level=debug");
    const std::string key = setting.substr(0, equals);
    return ConfigFlag{key, setting.substr(equals + 1), "--set " + key};
}

}  // namespace

Result<SplitArguments> split_config_flags(std::span<const std::string> arguments) {
    SplitArguments out;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (word == "--") {
            const auto tail = arguments.subspan(i);
            out.rest.insert(out.rest.end(), tail.begin(), tail.end());
            break;
        }
        const std::size_t equals = word.find('=');
        const std::string flag = word.substr(0, equals);
        if (flag != "--set" && !names_a_key(flag)) {
            out.rest.push_back(word);
            continue;
        }
        if (equals == std::string::npos && i + 1 == arguments.size())
            return fail(Errc::malformed_input, flag + " wants a value");
        std::string value = equals == std::string::npos ? arguments[++i] : word.substr(equals + 1);
        if (flag == "--set") {
            PLIMSOLL_TRY(ConfigFlag setting, from_set(value));
            out.settings.push_back(std::move(setting));
        } else {
            out.settings.push_back({flag.substr(2), std::move(value), flag});
        }
    }
    return out;
}

}  // namespace plimsoll::bot
