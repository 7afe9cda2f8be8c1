package dev.spillway.specification;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files of a tree that cite or are cited, read once. Paths are relative to its root, with slashes. */
final class SourceTree {
    private static final Set<String> LEFT_OUT = Set.of("target", ".git", "node_modules");
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|record|enum|@interface) ([A-Z]\\w*)");
    private static final Pattern HEADING = Pattern.compile("(?m)^(?:#+ (.*)$|\\*\\*([^*]+)\\.\\*\\* )");

    private final Map<String, String> contents = new TreeMap<>();
    private final Set<String> files = new TreeSet<>();
    private final Map<String, Set<String>> filesByType = new TreeMap<>();
    private final Set<String> packages = new TreeSet<>();

    SourceTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean leftOut = LEFT_OUT.contains(String.valueOf(folder.getFileName())) && !folder.equals(root);
                return leftOut ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                read(root, file);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void read(Path root, Path file) throws IOException {
        var name = root.relativize(file).toString().replace('\\', '/');
        files.add(name);
        if (!name.endsWith(".java") && !name.endsWith(".md") && !isScenario(name)) {
            return;
        }
        var content = Files.readString(file);
        contents.put(name, content);
        if (name.endsWith(".java")) {
            packages.add(packageOf(name));
            var types = TYPE.matcher(content);
            while (types.find()) {
                filesByType
                        .computeIfAbsent(types.group(1), type -> new TreeSet<>())
                        .add(name);
            }
        }
    }

    private static boolean isScenario(String name) {
        return name.startsWith("scenarios/") && name.endsWith(".yaml");
    }

    private static String packageOf(String javaFile) {
        var path = javaFile.substring(0, javaFile.lastIndexOf('/') + 1);
        int start = path.indexOf("/java/");
        return path.substring(start < 0 ? 0 : start + "/java/".length()).replace('/', '.');
    }

    List<Passage> passages() {
        var passages = new ArrayList<Passage>();
        contents.forEach((name, content) -> passages.addAll(Passages.of(Path.of(name), content)));
        return passages;
    }

    /** The scenarios, with what their {@code title} says. */
    Map<String, String> scenarioTitles() {
        var titles = new TreeMap<String, String>();
        contents.forEach((name, content) -> {
            if (isScenario(name)) {
                titles.put(
                        name,
                        content.lines()
                                .filter(line -> line.startsWith("title: "))
                                .map(line -> line.substring("title: ".length()))
                                .findFirst()
                                .orElse(""));
            }
        });
        return titles;
    }

    boolean hasFile(String name) {
        return files.contains(name);
    }

    boolean hasFileThatBegins(String start) {
        return files.stream().anyMatch(name -> name.startsWith(start));
    }

    /** The decisions, each by its number, with how many files have it. */
    Map<String, Integer> decisions() {
        var numbers = new TreeMap<String, Integer>();
        files.stream()
                .filter(name -> name.matches("decisions/[0-9]{4}-.*"))
                .forEach(name -> numbers.merge(
                        name.substring("decisions/".length(), "decisions/0000".length()), 1, Integer::sum));
        return numbers;
    }

    boolean hasFolder(String name) {
        return hasFileThatBegins(name.isEmpty() || name.endsWith("/") ? name : name + "/");
    }

    /** The headings of a Markdown page, those at the head of a paragraph too, without the signs of code and emphasis. */
    List<String> headings(String page) {
        return HEADING.matcher(contents.getOrDefault(page, ""))
                .results()
                .map(heading -> heading.group(1) != null ? heading.group(1) : heading.group(2))
                .map(heading -> heading.replaceAll("[`*]", "").strip())
                .toList();
    }

    boolean hasPackage(String name) {
        return packages.stream().anyMatch(known -> known.startsWith(name + "."));
    }

    /**
     * Whether there is such a type.
     *
     * @param packageEnd how its package ends, with dots; empty for any
     * @param type its simple name, nested or not
     * @param member what its file must mention, null for nothing
     */
    boolean hasType(String packageEnd, String type, @Nullable String member) {
        return filesByType.getOrDefault(type, Set.of()).stream()
                .filter(file -> packageEnd.isEmpty() || ("." + packageOf(file)).endsWith("." + packageEnd + "."))
                .anyMatch(file -> member == null || mentions(file, member));
    }

    /** Whether a file has this word. */
    boolean mentions(String file, String word) {
        return Pattern.compile("(?<!#)\\b" + Pattern.quote(word) + "\\b")
                .matcher(contents.getOrDefault(file, ""))
                .find();
    }

    /** Whether a Java file imports a class of this name. */
    boolean imports(String file, String type) {
        return Pattern.compile("(?m)^import [\\w.]+\\." + Pattern.quote(type) + ";")
                .matcher(contents.getOrDefault(file, ""))
                .find();
    }

    /** Reads a tree whose files cannot have vanished meanwhile. */
    static SourceTree at(Path root) {
        try {
            return new SourceTree(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
