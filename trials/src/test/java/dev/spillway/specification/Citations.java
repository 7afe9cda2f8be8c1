package dev.spillway.specification;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a tree cites and says what of it is not there. What counts as a citation is written in docs/specification/README.md, "How to
 * cite".
 */
final class Citations {
    private static final Pattern NUMBER =
            Pattern.compile("(?<![\\w.-])(?:" + Specification.NUMBER + ")(?![\\w-])(?!\\.[0-9])");
    private static final Pattern CODE = Pattern.compile("`[^`]*`|\\{@code [^}]*}");
    private static final Pattern SPAN = Pattern.compile("`([^`]*)`");
    private static final Pattern DECISION =
            Pattern.compile("\\bdecisions? ([0-9]{4})(?:(?:,| and| or) ([0-9]{4}))?|\\bdecisions/([0-9]{4})\\b");
    private static final Pattern PAGE = Pattern.compile(
            "(?<!]\\()(?<![\\w./\\[-])((?:[\\w-]+/)*[\\w-]+\\.md)(?:, \"([^\"]+)\")?(?: and \"([^\"]+)\")?");
    private static final Pattern SCENARIO =
            Pattern.compile("(?<![\\w/-])(scenarios/(?:[\\w-]+/)*[\\w-]+\\.yaml)|\\bscenario `([\\w-]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern QUALIFIED =
            Pattern.compile("\\bdev\\.spillway((?:\\.(?!v[0-9])[a-z]\\w*)+)(?:\\.([A-Z]\\w*))?");
    private static final Pattern CLASS_IN_SPAN =
            Pattern.compile("(?:([a-z][\\w./]*)/)?([A-Z][a-z]\\w*)(?:\\.([A-Z][a-z]\\w*))?(?:#(\\w+))?");
    private static final Pattern FILE =
            Pattern.compile("[a-z-]+/src/[\\w./-]+|[\\w-]+(?:/[\\w.-]+)+\\.(?:yaml|sh|java|xml|md)");
    private static final Pattern WITHOUT_NUMBER = Pattern.compile(
            "\\b(?:design|spec|specification),? (?:section\\b|[0-9]+\\.[0-9]+)|\\bsection [0-9.]+ of the"
                    + " (?:design|spec)|\\bpromise [0-9]");
    private static final Pattern BARE_CLASS = Pattern.compile("([A-Z][a-z]\\w*)(?:\\.([A-Za-z]\\w*))?");
    private static final Pattern LINKED = Pattern.compile("\\{@link(?:plain)? ([\\w.]*)(?:#(\\w+))?");

    private final SourceTree tree;
    private final List<Passage> passages;
    private final Specification specification;
    private final List<Broken> broken = new ArrayList<>();

    private Citations(SourceTree tree, List<Passage> passages, Specification specification) {
        this.tree = tree;
        this.passages = passages;
        this.specification = specification;
    }

    /** What is cited in these passages of the tree and is not there. */
    static List<Broken> broken(SourceTree tree, List<Passage> passages, Specification specification) {
        var citations = new Citations(tree, passages, specification);
        citations.check();
        return List.copyOf(citations.broken);
    }

    private void check() {
        for (var passage : passages) {
            numbers(passage);
            withoutNumber(passage);
            decisions(passage);
            pages(passage);
            scenarios(passage);
            packages(passage);
            switch (passage.kind()) {
                case JAVA -> javadocLinks(passage);
                case MARKDOWN -> {
                    links(passage);
                    classes(passage);
                }
                case SCENARIO -> {}
            }
        }
    }

    private void numbers(Passage passage) {
        var text = CODE.matcher(passage.text())
                .replaceAll(code -> " ".repeat(code.group().length()));
        each(NUMBER, text, found -> demand(specification.has(found.group()), passage, found, found.group()));
    }

    /** Sections of pages that nobody can open. */
    private void withoutNumber(Passage passage) {
        each(WITHOUT_NUMBER, passage.text(), found -> demand(false, passage, found, found.group()));
    }

    private void decisions(Passage passage) {
        each(
                DECISION,
                passage.text(),
                found -> groups(found)
                        .forEach(number -> demand(
                                tree.hasFileThatBegins("decisions/" + number + "-"),
                                passage,
                                found,
                                "decision " + number)));
    }

    private void pages(Passage passage) {
        each(PAGE, passage.text(), found -> {
            var name = found.group(1);
            var page = Stream.of(name, resolve(passage.file(), name))
                    .filter(tree::hasFile)
                    .findFirst()
                    .orElse(null);
            demand(page != null, passage, found, name);
            for (int group = 2; page != null && group <= 3; group++) {
                var heading = found.group(group);
                demand(
                        heading == null || tree.headings(page).contains(heading),
                        passage,
                        found,
                        "section \"%s\" of %s".formatted(heading, name));
            }
        });
    }

    private void scenarios(Passage passage) {
        each(SCENARIO, passage.text(), found -> {
            var path = found.group(1);
            var file = path != null ? path : "scenarios/" + found.group(2) + ".yaml";
            demand(tree.hasFile(file), passage, found, file);
        });
    }

    private void packages(Passage passage) {
        each(QUALIFIED, passage.text(), found -> {
            var name = "dev.spillway" + found.group(1);
            var type = found.group(2);
            boolean known = type == null ? tree.hasPackage(name) : tree.hasType(name, type, null);
            demand(known, passage, found, found.group());
        });
    }

    private void links(Passage passage) {
        each(LINK, passage.text(), found -> {
            var target = found.group(1);
            if (target.contains("://")) {
                return;
            }
            var parts = target.split("#", 2);
            var page = parts[0].isEmpty() ? slashes(passage.file()) : resolve(passage.file(), parts[0]);
            demand(tree.hasFile(page) || tree.hasFolder(page), passage, found, target);
            if (parts.length > 1 && page.endsWith(".md") && tree.hasFile(page)) {
                boolean known =
                        tree.headings(page).stream().map(Citations::anchor).anyMatch(parts[1]::equals);
                demand(known, passage, found, "section #%s of %s".formatted(parts[1], page));
            }
        });
    }

    /** Classes by {@code package/Class#member}; and on the page that says where things are, by their simple names too. */
    private void classes(Passage passage) {
        boolean byName = passage.file().equals(Path.of("ARCHITECTURE.md"));
        each(SPAN, passage.text(), found -> {
            var cited = CLASS_IN_SPAN.matcher(found.group(1));
            if (cited.matches() && (cited.group(1) != null || cited.group(4) != null)) {
                var packageEnd = cited.group(1) == null ? "" : cited.group(1).replace('/', '.');
                var type = cited.group(3) == null ? cited.group(2) : cited.group(3);
                demand(tree.hasType(packageEnd, type, cited.group(4)), passage, found, found.group(1));
                return;
            }
            if (FILE.matcher(found.group(1)).matches()) {
                demand(tree.hasFile(found.group(1)) || tree.hasFolder(found.group(1)), passage, found, found.group(1));
            }
            var bare = BARE_CLASS.matcher(found.group(1));
            if (byName && bare.matches()) {
                demand(tree.hasType("", bare.group(1), bare.group(2)), passage, found, found.group(1));
            }
        });
    }

    /** What {@code {@link ...}} names: a member of the same file, a class of the tree, or one that the file imports. */
    private void javadocLinks(Passage passage) {
        var file = slashes(passage.file());
        each(LINKED, passage.text(), found -> {
            var names = found.group(1).split("\\.", -1);
            var member = found.group(2);
            var type = Stream.of(names)
                    .filter(name -> !name.isEmpty() && Character.isUpperCase(name.charAt(0)))
                    .reduce((outer, inner) -> inner)
                    .orElse(null);
            boolean known = type == null
                    ? member == null || tree.mentions(file, member)
                    : tree.hasType("", type, member) || isForeign(file, found.group(1), names[0]);
            demand(known, passage, found, found.group());
        });
    }

    private boolean isForeign(String file, String name, String first) {
        return (name.startsWith("java") && name.contains(".")) || tree.imports(file, first) || isOfJavaLang(first);
    }

    private static boolean isOfJavaLang(String name) {
        try {
            Class.forName("java.lang." + name);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** As GitHub makes it from a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static String resolve(Path file, String target) {
        var folder = file.getParent();
        var path = folder == null ? Path.of(target) : folder.resolve(target);
        return slashes(path.normalize());
    }

    private static String slashes(Path path) {
        return path.toString().replace('\\', '/');
    }

    private static List<String> groups(MatchResult found) {
        return Stream.of(found.group(1), found.group(2), found.group(3))
                .filter(group -> group != null)
                .toList();
    }

    private static void each(Pattern pattern, String text, Consumer<MatchResult> action) {
        pattern.matcher(text).results().forEach(action);
    }

    private void demand(boolean holds, Passage passage, MatchResult found, @Nullable String what) {
        if (!holds) {
            broken.add(Broken.at(passage, found.start(), what + " is not there"));
        }
    }
}
