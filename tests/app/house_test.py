# SPDX-License-Identifier: GPL-3.0-or-later
"""The house's rules of who may include what, as a test.

Reads the `#include` lines of `app`, `widgets` and `models`, follows those within the repository, and fails where a file
reaches what its floor may not. Before that it shows that each rule notices its violation: it builds small trees with
one fault each.
"""

import re
import sys
import tempfile
from collections import deque
from pathlib import Path

import zwei_cli

FLOORS = ("app", "widgets", "models")
SPDX = re.compile(r"(//|#) SPDX-License-Identifier: GPL-3\.0-or-later\s*$")
INCLUDE = re.compile(r'^\s*#\s*(?:include|include_next|import)\s*(?:<(?P<angle>[^>]+)>|"(?P<quote>[^"]+)"|(?P<other>.*))')
COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', re.DOTALL)

STANDARD = set(
    """algorithm any array atomic barrier bit bitset charconv chrono cmath codecvt compare complex concepts
    condition_variable coroutine cassert cctype cerrno cfenv cfloat cinttypes climits clocale csetjmp csignal cstdarg
    cstddef cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception execution expected filesystem
    format forward_list fstream functional future initializer_list iomanip ios iosfwd iostream istream iterator latch
    limits list locale map memory memory_resource mutex new numbers numeric optional ostream queue random ranges ratio
    regex scoped_allocator semaphore set shared_mutex source_location span sstream stack stdexcept stop_token streambuf
    string string_view syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set
    utility valarray variant vector version""".split()
)

# Those of Qt Widgets that a program is likely to meet; where Qt is installed its own list is added.
WIDGET_CLASSES = set(
    """QAbstractButton QAbstractItemDelegate QAbstractItemView QAbstractScrollArea QAbstractSlider QAbstractSpinBox
    QAccessibleWidget QApplication QBoxLayout QButtonGroup QCalendarWidget QCheckBox QColorDialog QColumnView QComboBox
    QCommandLinkButton QCommonStyle QCompleter QDateEdit QDateTimeEdit QDial QDialog QDialogButtonBox QDockWidget
    QDoubleSpinBox QErrorMessage QFileDialog QFileIconProvider QFocusFrame QFontComboBox QFontDialog QFormLayout QFrame
    QGesture QGestureRecognizer QGraphicsEffect QGraphicsItem QGraphicsScene QGraphicsView QGraphicsWidget QGridLayout
    QGroupBox QHBoxLayout QHeaderView QInputDialog QItemDelegate QKeySequenceEdit QLCDNumber QLabel QLayout QLayoutItem
    QLineEdit QListView QListWidget QMainWindow QMdiArea QMdiSubWindow QMenu QMenuBar QMessageBox QPlainTextEdit
    QProgressBar QProgressDialog QProxyStyle QPushButton QRadioButton QRubberBand QScrollArea QScrollBar QScroller
    QSizeGrip QSizePolicy QSlider QSpacerItem QSpinBox QSplashScreen QSplitter QStackedLayout QStackedWidget QStatusBar
    QStyle QStyleFactory QStyleOption QStyleOptionViewItem QStylePainter QStyledItemDelegate QSystemTrayIcon QTabBar
    QTabWidget QTableView QTableWidget QTextBrowser QTextEdit QTimeEdit QToolBar QToolBox QToolButton QToolTip QTreeView
    QTreeWidget QUndoView QVBoxLayout QWhatsThis QWidget QWidgetAction QWizard QWizardPage QtWidgets""".split()
)

THREADS_AND_FILES = set(
    """thread mutex shared_mutex future atomic condition_variable stop_token semaphore latch barrier filesystem fstream
    QThread QThreadPool QRunnable QMutex QWaitCondition QSemaphore QFuture QFutureWatcher QFile QSaveFile QTemporaryFile
    QDir QFileInfo QFileDialog QSettings QNetworkAccessManager""".split()
)


def widget_headers():
    """Names of Qt Widgets' headers."""
    installed = {path.name for folder in Path("/usr/include").glob("*/qt6/QtWidgets") for path in folder.iterdir()}
    return WIDGET_CLASSES | {f"{name.lower()}.h" for name in WIDGET_CLASSES} | installed


WIDGET_HEADERS = widget_headers()


# ---- What kind of thing an include is ----


def is_torch(name):
    return name.split("/")[0] in ("torch", "ATen", "c10", "caffe2")


def is_plot(name):
    return Path(name).name.startswith("qcustomplot")


def is_qt(name):
    return bool(re.match(r"Q[A-Z]|Qt[A-Z0-9]|q[a-z]\w*\.h$", Path(name).name)) or name.startswith("Qt")


def is_widget_header(name):
    return Path(name).name in WIDGET_HEADERS or name.startswith("QtWidgets") or is_plot(name)


def is_concurrent(name):
    return Path(name).name in THREADS_AND_FILES or name.startswith(("QtConcurrent", "QtNetwork"))


def is_expected(name):
    return name == "tl/expected.hpp"


# ---- The tree ----


def without_comments(text):
    """The text with its comments blank, line by line, and its strings as they are."""
    return COMMENT.sub(lambda m: m[0] if m[0].startswith('"') else re.sub(r"[^\n]", " ", m[0]), text)


class Tree:
    """The sources of a repository: what each file includes, within the repository and without."""

    def __init__(self, root):
        self.root = Path(root)
        self.files = sorted(
            str(path.relative_to(self.root))
            for floor in FLOORS
            for path in (self.root / floor).rglob("*")
            if path.suffix in (".h", ".cpp") and path.is_file()
        )
        self.includes = {file: self.read_includes(file) for file in self.files}

    def text(self, file):
        return (self.root / file).read_text()

    def read_includes(self, file):
        """(line, what is included, whether that is a file of ours) in order."""
        found = []
        for number, line in enumerate(without_comments(self.text(file)).splitlines(), 1):
            if match := INCLUDE.match(line):
                name = match["angle"] or match["quote"] or match["other"].strip()
                ours = self.resolve(file, name)
                found.append((number, ours or name, bool(ours)))
        return found

    def resolve(self, file, name):
        """The file of ours that is meant, from the root or beside the one that includes it; or None."""
        beside = (self.root / file).parent / name
        for path in (self.root / name, beside):
            if path.is_file() and path.resolve().is_relative_to(self.root.resolve()):
                return str(path.resolve().relative_to(self.root.resolve()))
        return None

    def is_generated(self, file, name):
        """Whether the build makes it: from a .h.in, or by moc."""
        return name == f"{Path(file).stem}.moc" or (self.root / f"{name}.in").is_file()

    def reach(self, file):
        """All that a file reaches: what it is, whether it is ours, and the way there, in breadth first order."""
        queue, seen = deque([(file, (file,))]), {file}
        while queue:
            at, way = queue.popleft()
            for _, name, ours in self.includes.get(at, ()):
                if name not in seen:
                    seen.add(name)
                    yield name, ours, (*way, name)
                    if ours:
                        queue.append((name, (*way, name)))

    def below(self, *folders):
        return [file for file in self.files if file.startswith(tuple(f"{folder}/" for folder in folders))]


def way_text(way):
    return " -> ".join(way)


def reached(tree, files, is_forbidden, why):
    """One finding for each of the files and each forbidden thing that it reaches."""
    return [
        f"{way_text(way)}: {why}"
        for file in files
        for name, ours, way in tree.reach(file)
        if is_forbidden(name, ours)
    ]


def included(tree, files, is_allowed, why):
    """One finding for each include line of the files that is not allowed."""
    return [
        f"{file}:{line}: {name}: {why}"
        for file in files
        for line, name, ours in tree.includes[file]
        if not is_allowed(name, ours) and not tree.is_generated(file, name)
    ]


# ---- The rules: each takes the tree and returns what breaks it ----


def models_know_no_qt(tree):
    """models/ reaches no Qt header, and no file of the floors above"""

    def is_forbidden(name, ours):
        return name.startswith(("app/", "widgets/")) if ours else is_qt(name) or is_plot(name)

    return reached(tree, tree.below("models"), is_forbidden, "models may not know Qt or the floors above")


def types_are_plain(tree):
    """models/types includes the standard library, tl/expected.hpp and models/types alone"""

    def is_allowed(name, ours):
        return name.startswith("models/types/") if ours else name in STANDARD or is_expected(name)

    return included(tree, tree.below("models/types"), is_allowed, "models/types may include only std and models/types")


def data_headers_know_no_torch(tree):
    """no header of models/data and models/io reaches LibTorch"""
    headers = [file for file in tree.below("models/data", "models/io") if file.endswith(".h")]
    return reached(tree, headers, lambda name, ours: not ours and is_torch(name), "LibTorch stays out of these headers")


def widgets_only_draw(tree):
    """widgets/ includes Qt, QCustomPlot, the standard library, widgets/ and models/types alone"""

    def is_allowed(name, ours):
        if ours:
            return name.startswith(("widgets/", "models/types/"))
        return name in STANDARD or is_qt(name) or is_plot(name)

    return included(tree, tree.below("widgets"), is_allowed, "widgets may not include this")


def widgets_start_no_thread(tree):
    """widgets/ includes nothing for threads, files or the network"""
    return included(tree, tree.below("widgets"), lambda name, ours: ours or not is_concurrent(name),
                    "widgets have no thread and no file")


def torch_stays_below(tree):
    """nothing outside models/ reaches LibTorch"""
    return reached(tree, tree.below("app", "widgets"), lambda name, ours: not ours and is_torch(name),
                   "LibTorch stays in models")


def session_and_cli_have_no_widgets(tree):
    """app/session and app/cli reach no header of Qt Widgets and not QCustomPlot"""
    return reached(tree, tree.below("app/session", "app/cli"), lambda name, ours: not ours and is_widget_header(name),
                   "neither a session nor the command line may use Qt Widgets")


def session_knows_no_view(tree):
    """app/session reaches nothing in widgets/, and of app/ only itself"""

    def is_forbidden(name, ours):
        return ours and (name.startswith("widgets/") or name.startswith("app/") and not name.startswith("app/session/"))

    return reached(tree, tree.below("app/session"), is_forbidden, "a session knows no view")


def torch_never_meets_plots(tree):
    """no file reaches both LibTorch and QCustomPlot"""
    findings = []
    for file in tree.files:
        names = {name for name, ours, _ in tree.reach(file) if not ours}
        if any(map(is_torch, names)) and any(map(is_plot, names)):
            findings.append(f"{file}: reaches both LibTorch and QCustomPlot")
    return findings


def plots_stay_out_of_headers(tree):
    """no header reaches qcustomplot.h but those of widgets that derive from its classes"""
    allowed = [file for file in tree.below("widgets") if Path(file).name in ("exportable_plot.h", "point_cloud_plottable.h")]
    headers = [file for file in tree.files if file.endswith(".h") and file not in allowed]
    return reached(tree, headers, lambda name, ours: not ours and is_plot(name), "QCustomPlot stays out of headers")


def licence_comes_first(tree):
    """every source, test, script and build file starts with the SPDX line (a script after its #! line)"""
    others = [tree.root / "CMakeLists.txt"]
    for folder in (*FLOORS, "tests", "scripts"):
        for kind in ("*.py", "*.sh", "*.h.in", "CMakeLists.txt", "*.h", "*.cpp"):
            others += sorted((tree.root / folder).rglob(kind))
    findings = []
    for path in filter(Path.is_file, others):
        lines = path.read_text().splitlines()[:2]
        first = lines[1:] if lines and lines[0].startswith("#!") else lines
        if not first or not SPDX.match(first[0]):
            findings.append(f"{path.relative_to(tree.root)}: does not start with the SPDX line")
    return findings


def headers_come_once(tree):
    """every header has #pragma once"""
    return [
        f"{file}: has no #pragma once"
        for file in tree.files
        if file.endswith(".h") and not re.search(r"^#pragma once$", without_comments(tree.text(file)), re.MULTILINE)
    ]


def own_header_comes_first(tree):
    """every .cpp with a header beside it includes that first"""
    findings = []
    for file in tree.files:
        header = str(Path(file).with_suffix(".h"))
        if file.endswith(".cpp") and header in tree.includes and [n for _, n, _ in tree.includes[file]][:1] != [header]:
            findings.append(f"{file}: does not include {header} first")
    return findings


def quotes_are_for_our_files(tree):
    """what is included in quotes is a file of ours, or one that the build makes"""
    findings = []
    for file in tree.files:
        for number, line in enumerate(without_comments(tree.text(file)).splitlines(), 1):
            match = INCLUDE.match(line)
            if not match or match["angle"]:
                continue
            name = match["quote"] or match["other"]
            if not match["quote"] or not (tree.resolve(file, name) or tree.is_generated(file, name)):
                findings.append(f"{file}:{number}: {name}: is no file of ours")
    return findings


RULES = (models_know_no_qt, types_are_plain, data_headers_know_no_torch, widgets_only_draw, widgets_start_no_thread,
         torch_stays_below, session_and_cli_have_no_widgets, session_knows_no_view, torch_never_meets_plots,
         plots_stay_out_of_headers, licence_comes_first, headers_come_once, own_header_comes_first,
         quotes_are_for_our_files)


# ---- Each rule notices its violation ----

LICENCE = "// SPDX-License-Identifier: GPL-3.0-or-later\n"
HEADER = LICENCE + "#pragma once\n"
GOOD = {
    "CMakeLists.txt": "# SPDX-License-Identifier: GPL-3.0-or-later\n",
    "models/types/a.h": HEADER + "#include <vector>\n#include <tl/expected.hpp>\n",
    "models/nn/net.h": HEADER + '#include <torch/torch.h>\n#include "models/types/a.h"\n',
    "models/nn/net.cpp": LICENCE + '#include "models/nn/net.h"\n',
    "models/data/set.h": HEADER + '#include <zlib.h>\n#include "models/types/a.h"\n',
    "models/io/file.h": HEADER + '#include "models/data/set.h"\n',
    "widgets/view.h": HEADER + '#include <QWidget>\n#include "models/types/a.h"\n',
    "widgets/view.cpp": LICENCE + '#include "view.h"\n#include <qcustomplot.h>\n#include "view.moc"\n// #include <QFile>\n',
    "widgets/theme.h": HEADER + "#include <QColor>\n#include <queue>\n",
    "widgets/point_cloud_plottable.h": HEADER + "#include <qcustomplot.h>\n",
    "app/version.h.in": HEADER,
    "app/session/session.h": HEADER + '#include <QObject>\n#include <QThread>\n#include "models/io/file.h"\n',
    "app/cli/main.cpp": LICENCE + '#include <QGuiApplication>\n#include "app/version.h"\n#include "widgets/theme.h"\n',
    "app/main.cpp": LICENCE + '#include <QApplication>\n#include "widgets/view.h"\n#include "app/session/session.h"\n',
    "app/names.h": HEADER + "#include <string>\n",
}

# For each rule: trees that differ from the good one in these files, and the file that must be named.
VIOLATIONS = (
    (models_know_no_qt, {"models/nn/net.cpp": '#include "models/nn/net.h"\n#include <QString>'}, "models/nn/net.cpp"),
    (models_know_no_qt, {"models/nn/net.cpp": '#include "models/nn/net.h"\n#include <QtCore/qstring.h>'}, "models/nn/net.cpp"),
    (models_know_no_qt, {"models/types/a.h": "#pragma once\n#include <qglobal.h>"}, "models/io/file.h"),
    (models_know_no_qt, {"models/data/set.h": '#pragma once\n#include "app/names.h"'}, "models/data/set.h"),
    (models_know_no_qt, {"models/data/set.h": '#pragma once\n#include "../../app/names.h"'}, "models/data/set.h"),
    (types_are_plain, {"models/types/a.h": "#pragma once\n#include <nlohmann/json.hpp>"}, "models/types/a.h"),
    (types_are_plain, {"models/types/a.h": "#pragma once\n#include <torch/torch.h>"}, "models/types/a.h"),
    (types_are_plain, {"models/types/a.h": '#pragma once\n#include "models/data/set.h"'}, "models/types/a.h"),
    (data_headers_know_no_torch, {"models/data/set.h": "#pragma once\n#  include <ATen/ATen.h>"}, "models/data/set.h"),
    (data_headers_know_no_torch, {"models/io/file.h": '#pragma once\n#include "models/nn/net.h"'}, "models/io/file.h"),
    (widgets_only_draw, {"widgets/view.h": '#pragma once\n#include "models/data/set.h"'}, "widgets/view.h"),
    (widgets_only_draw, {"widgets/view.h": '#pragma once\n#include "app/session/session.h"'}, "widgets/view.h"),
    (widgets_only_draw, {"widgets/view.h": "#pragma once\n#include <nanoflann.hpp>"}, "widgets/view.h"),
    (widgets_start_no_thread, {"widgets/view.h": "#pragma once\n#include <QThread>"}, "widgets/view.h"),
    (widgets_start_no_thread, {"widgets/view.h": "#pragma once\n#include <fstream>"}, "widgets/view.h"),
    (torch_stays_below, {"app/main.cpp": '#include "models/nn/net.h"'}, "app/main.cpp"),
    (torch_stays_below, {"app/session/session.h": "#pragma once\n#include <c10/core/Device.h>"}, "app/main.cpp"),
    (torch_stays_below, {"widgets/view.h": '#pragma once\n#include "torch/types.h"'}, "widgets/view.h"),
    (torch_stays_below, {"models/types/a.h": '#pragma once\n#include "models/nn/net.h"'}, "widgets/view.h"),
    (session_and_cli_have_no_widgets, {"app/cli/main.cpp": "#include <QLabel>"}, "app/cli/main.cpp"),
    (session_and_cli_have_no_widgets, {"app/cli/main.cpp": "#include <QtWidgets/QtWidgets>"}, "app/cli/main.cpp"),
    (session_and_cli_have_no_widgets, {"app/cli/main.cpp": "#include <qapplication.h>"}, "app/cli/main.cpp"),
    (session_and_cli_have_no_widgets, {"app/cli/main.cpp": '#include "widgets/view.h"'}, "app/cli/main.cpp"),
    (session_and_cli_have_no_widgets, {"widgets/theme.h": '#pragma once\n#include "view.h"'}, "app/cli/main.cpp"),
    (session_and_cli_have_no_widgets, {"app/session/session.h": "#pragma once\n#include <QMessageBox>"}, "app/session/session.h"),
    (session_knows_no_view, {"app/session/session.h": '#pragma once\n#include "widgets/theme.h"'}, "app/session/session.h"),
    (session_knows_no_view, {"app/session/session.h": '#pragma once\n#include "app/names.h"',
                             "app/names.h": '#pragma once\n#include "widgets/theme.h"'}, "app/session/session.h"),
    (torch_never_meets_plots, {"app/main.cpp": "#include <qcustomplot.h>\n#include <torch/torch.h>"}, "app/main.cpp"),
    (torch_never_meets_plots, {"app/main.cpp": '#include "widgets/point_cloud_plottable.h"\n#include "models/nn/net.h"'},
     "app/main.cpp"),
    (plots_stay_out_of_headers, {"widgets/view.h": "#pragma once\n#include <qcustomplot.h>"}, "widgets/view.h"),
    (plots_stay_out_of_headers, {"widgets/view.h": '#pragma once\n#include "widgets/point_cloud_plottable.h"'}, "widgets/view.h"),
    (headers_come_once, {"widgets/theme.h": "// #pragma once"}, "widgets/theme.h"),
    (own_header_comes_first, {"models/nn/net.cpp": '#include <vector>\n#include "models/nn/net.h"'}, "models/nn/net.cpp"),
    (own_header_comes_first, {"models/nn/net.cpp": "int x;"}, "models/nn/net.cpp"),
    (quotes_are_for_our_files, {"app/main.cpp": '#include "torch/torch.h"'}, "app/main.cpp"),
    (quotes_are_for_our_files, {"app/main.cpp": "#define WHAT <vector>\n#include WHAT"}, "app/main.cpp"),
    (licence_comes_first, {"tests/app/x_test.py": "print()"}, None),
    (licence_comes_first, {"widgets/x.cpp": "int x;"}, None),
)


def write_tree(root, files):
    for name, text in files.items():
        path = Path(root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def broken(files, named):
    """The good tree with other files; with their licence, unless that is what is wrong with them."""
    return {**GOOD, **{name: (LICENCE if named else "") + text + "\n" for name, text in files.items()}}


def findings_in(files, rules):
    """What the rules say of a tree of these files, by rule."""
    with tempfile.TemporaryDirectory() as root:
        write_tree(root, files)
        tree = Tree(root)
        return {rule: rule(tree) for rule in rules}


def test_rules():
    """Faults of the rules themselves: what they find in a good tree, and what they do not find in bad ones."""
    faults = [f"{rule.__name__} finds fault with a good tree: {found}" for rule, found in findings_in(GOOD, RULES).items() if found]
    for rule, files, named in VIOLATIONS:
        found = findings_in(broken(files, named), [rule])[rule]
        if not any(finding.startswith(named or next(iter(files))) for finding in found):
            faults.append(f"{rule.__name__} does not notice {files}: {found}")
    faults += [f"{rule.__name__} is not tried" for rule in RULES if rule not in {tried for tried, _, _ in VIOLATIONS}]
    return faults


def report(title, findings):
    print(f"{'FAIL' if findings else 'ok':4}  {title}")
    for finding in findings:
        print(f"      {finding}")
    return len(findings)


def main():
    source = zwei_cli.parse_arguments(needs_cli=False).source
    count = report(f"each of {len(RULES)} rules notices its violations ({len(VIOLATIONS)} trees) and no others", test_rules())
    tree = Tree(source)
    empty = [floor for floor in FLOORS if not tree.below(floor)]
    count += report(f"{len(tree.files)} files are read", [f"{floor}: holds no source file" for floor in empty])
    for rule in RULES:
        count += report(rule.__doc__, rule(tree))
    print(f"{count} findings")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
