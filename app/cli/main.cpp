// SPDX-License-Identifier: GPL-3.0-or-later
#include <QGuiApplication>
#include <QLoggingCategory>
#include <QtGlobal>
#include <exception>

#include "app/cli/command.h"
#include "app/launcher/program.h"
#include "app/version.h"

namespace {

constexpr const char* kDescription =
    "zwei-cli: trains autoencoders with a two-dimensional latent space and shows what they learnt, without a display.";

/// CLI11's message as one line that names the program.
std::string oneLine(const CLI::App*, const CLI::Error& error) {
    return std::string("zwei-cli: ") + error.what() + " (--help tells more)\n";
}

/// CLI11 takes `--epochs ""` for no value at all.
void refuseEmptyValues(CLI::App& program) {
    const CLI::Validator isGiven([](std::string& value) { return value.empty() ? "the value is empty" : ""; }, "");
    for (auto* command : program.get_subcommands({})) {
        for (auto* option : command->get_options())
            if (option->get_items_expected_max() > 0) option->check(isGiven);
        refuseEmptyValues(*command);
    }
}

}  // namespace

int zweiMain(int argc, char** argv) {
    using namespace zwei::cli;
    // Pictures need Qt's fonts, but never a display.
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");

    CLI::App program(kDescription, "zwei-cli");
    program.set_version_flag("--version", std::string("zwei-cli ") + zwei::kVersion);
    program.failure_message(oneLine);
    program.require_subcommand(1);
    Action chosen;
    for (const AddCommand add : {addTrain, addEval, addGrid, addScatter, addEncode, addDecode, addReconstruct, addDream,
                                 addNormalise, addDenoise, addUpscale, addData, addExport, addDemo, addDoctor})
        add(program, chosen);
    refuseEmptyValues(program);

    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return program.exit(error) == 0 ? kDone : kBadArguments;
    }
    // What Qt warns of (folders of a desktop session, damaged images) is either said in our own sentence or of no use.
    QLoggingCategory::setFilterRules(QStringLiteral("default.warning=false\nqt.gui.imageio*=false"));
    const QGuiApplication application(argc, argv);
    try {
        return chosen();
    } catch (const std::exception& error) {  // LibTorch's, and want of memory
        return fail(error.what());
    }
}
