package dev.spillway.architecture;

import static java.util.stream.Collectors.joining;

import com.sun.source.tree.BindingPatternTree;
import com.sun.source.tree.CaseLabelTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.PatternCaseLabelTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Finds switches over the project's own sealed types and enums that have a {@code default}, or a case that takes whatever is left: where
 * a type gets another case, the compiler shall name each place that has to know it. What a switch is over, the compiler says here, too.
 *
 * @param folders roots of sources; every file in them is looked at
 * @param own the package of the project's own types, with those below it
 */
record Switches(List<Path> folders, String own) {
    private static final JavaCompiler COMPILER = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());

    /** Each as {@code FILE:LINE: what is wrong}. */
    List<String> takingWhateverIsLeft() throws IOException {
        try (var files = COMPILER.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            var suspects = suspects(files);
            if (suspects.isEmpty()) {
                return List.of();
            }
            var task = task(files, suspects);
            var units = new ArrayList<CompilationUnitTree>();
            task.parse().forEach(units::add);
            task.analyze();
            var finder = new Finder(task);
            units.forEach(unit -> finder.scan(unit, null));
            return finder.found;
        }
    }

    /** The files in which some switch may be meant: to find out the types of all would take long. */
    private Set<JavaFileObject> suspects(StandardJavaFileManager files) throws IOException {
        var suspects = new LinkedHashSet<JavaFileObject>();
        for (var unit :
                task(files, files.getJavaFileObjectsFromPaths(withSwitches())).parse()) {
            new TreeScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitCase(CaseTree branch, @Nullable Void nothing) {
                    if (broadLabel(branch) != null) {
                        suspects.add(unit.getSourceFile());
                    }
                    return super.visitCase(branch, null);
                }
            }.scan(unit, null);
        }
        return suspects;
    }

    private List<Path> withSwitches() throws IOException {
        var sources = new ArrayList<Path>();
        for (var folder : folders) {
            try (var walk = Files.walk(folder)) {
                for (var file :
                        walk.filter(path -> path.toString().endsWith(".java")).toList()) {
                    if (Files.readString(file).contains("switch")) {
                        sources.add(file);
                    }
                }
            }
        }
        return sources;
    }

    private JavacTask task(StandardJavaFileManager files, Iterable<? extends JavaFileObject> sources) {
        var options = List.of(
                "-proc:none",
                "-implicit:none",
                "--should-stop=ifError=FLOW", // whatever else is wrong with a file is not for here
                "-classpath",
                System.getProperty("java.class.path"),
                "-sourcepath",
                folders.stream().map(Path::toString).collect(joining(File.pathSeparator)));
        return (JavacTask) COMPILER.getTask(null, files, problem -> {}, options, null, sources);
    }

    /** The label of a case that may take whatever is left: a default, or a type without a condition. Null where there is none. */
    private static @Nullable CaseLabelTree broadLabel(CaseTree branch) {
        for (var label : branch.getLabels()) {
            if (label instanceof DefaultCaseLabelTree || (typeOf(label) != null && branch.getGuard() == null)) {
                return label;
            }
        }
        return null;
    }

    private static @Nullable Tree typeOf(CaseLabelTree label) {
        return label instanceof PatternCaseLabelTree pattern
                        && pattern.getPattern() instanceof BindingPatternTree binding
                ? binding.getVariable().getType()
                : null;
    }

    private final class Finder extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final JavacTask task;
        private final Trees trees;
        private final List<String> found = new ArrayList<>();

        Finder(JavacTask task) {
            this.task = task;
            this.trees = Trees.instance(task);
        }

        @Override
        public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void nothing) {
            judge(tree, tree.getExpression(), tree.getCases());
            return super.visitSwitch(tree, null);
        }

        @Override
        public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, @Nullable Void nothing) {
            judge(tree, tree.getExpression(), tree.getCases());
            return super.visitSwitchExpression(tree, null);
        }

        private void judge(Tree tree, ExpressionTree over, List<? extends CaseTree> cases) {
            for (var branch : cases) {
                var label = broadLabel(branch);
                if (label != null) {
                    judge(tree, typeAt(over), label);
                }
            }
        }

        private void judge(Tree tree, @Nullable TypeMirror over, CaseLabelTree label) {
            if (over == null || over.getKind() == TypeKind.ERROR) {
                found.add(place(tree) + "what the switch is over could not be told");
            } else if (isOwnChoice(over) && takesAll(label, over)) {
                found.add(place(tree) + "the switch over %s takes whatever is left by '%s'".formatted(over, label));
            }
        }

        private boolean isOwnChoice(TypeMirror type) {
            return task.getTypes().asElement(task.getTypes().erasure(type)) instanceof TypeElement element
                    && (element.getKind() == ElementKind.ENUM
                            || element.getModifiers().contains(Modifier.SEALED))
                    && (element.getQualifiedName() + ".").startsWith(own + ".");
        }

        private boolean takesAll(CaseLabelTree label, TypeMirror over) {
            var types = task.getTypes();
            var written = typeOf(label);
            var taken = written == null ? null : typeAt(written);
            return taken == null || types.isSubtype(types.erasure(over), types.erasure(taken));
        }

        private @Nullable TypeMirror typeAt(Tree tree) {
            return trees.getTypeMirror(new TreePath(getCurrentPath(), tree));
        }

        private String place(Tree tree) {
            var unit = getCurrentPath().getCompilationUnit();
            long start = trees.getSourcePositions().getStartPosition(unit, tree);
            return "%s:%d: "
                    .formatted(unit.getSourceFile().getName(), unit.getLineMap().getLineNumber(start));
        }
    }
}
