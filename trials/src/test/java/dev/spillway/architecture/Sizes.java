package dev.spillway.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * How long files and methods are, in lines. A method is counted from the line of its return type or name, below its annotations, to its
 * closing brace. Immutable.
 *
 * @param files in order of path
 * @param methods of all files, those without a body left out
 */
record Sizes(List<Sized> files, List<Sized> methods) {
    private static final int FILE_SHOULD = 300;
    static final int FILE_MAY = 500;
    private static final int METHOD_SHOULD = 30;
    static final int METHOD_MAY = 60;

    /** Something with a length. */
    record Sized(String name, int lines) {
        @Override
        public String toString() {
            return "%s: %d".formatted(name, lines);
        }
    }

    Sizes {
        files = List.copyOf(files);
        methods = List.copyOf(methods);
    }

    /** Of all Java files of the modules of a tree. */
    static Sizes of(Path tree) throws IOException {
        try (var modules = Files.list(tree)) {
            var sources = modules.map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .flatMap(Sizes::javaFiles)
                    .sorted()
                    .toList();
            return ofFiles(tree, sources);
        }
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of these files, named from {@code root} on. */
    static Sizes ofFiles(Path root, List<Path> sources) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var files = new ArrayList<Sized>();
        var methods = new ArrayList<Sized>();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of(), null, manager.getJavaFileObjectsFromPaths(sources));
            var positions = Trees.instance(task).getSourcePositions();
            for (var unit : task.parse()) {
                var name =
                        root.relativize(Path.of(unit.getSourceFile().toUri())).toString();
                files.add(new Sized(name, (int) unit.getSourceFile()
                        .getCharContent(true)
                        .toString()
                        .lines()
                        .count()));
                new Methods(name, positions, methods).scan(unit, null);
            }
        }
        return new Sizes(files, methods);
    }

    private static final class Methods extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final String file;
        private final SourcePositions positions;
        private final List<Sized> found;

        Methods(String file, SourcePositions positions, List<Sized> found) {
            this.file = file;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
            if (method.getBody() != null) {
                var unit = getCurrentPath().getCompilationUnit();
                long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
                found.add(new Sized(
                        "%s#%s".formatted(file, method.getName()), (int) (last - firstLine(unit, method) + 1)));
            }
            return super.visitMethod(method, null);
        }

        /** Of what follows the modifiers: annotations and their arguments are no part of what a method does. */
        private long firstLine(CompilationUnitTree unit, MethodTree method) {
            long modifiers = positions.getEndPosition(unit, method.getModifiers());
            return unit.getLineMap()
                    .getLineNumber(modifiers < 0 ? positions.getStartPosition(unit, method) : modifiers);
        }
    }

    /** What is longer than it should be, counted, and what is longer than it may be, by name; one line each. */
    String drawn() {
        return Stream.of(
                        drawn("files", files, FILE_SHOULD, FILE_MAY),
                        drawn("methods", methods, METHOD_SHOULD, METHOD_MAY))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static String drawn(String what, List<Sized> things, int should, int may) {
        return "%s: %d, of them %d over %d lines; over %d: %s"
                .formatted(what, things.size(), over(should, things).size(), should, may, over(may, things));
    }

    /** Those longer than so many lines, the longest first. */
    static List<Sized> over(int lines, List<Sized> things) {
        return things.stream()
                .filter(thing -> thing.lines() > lines)
                .sorted(Comparator.comparingInt(Sized::lines).reversed().thenComparing(Sized::name))
                .toList();
    }
}
