package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.spillway.embedded.schema.Structural.Rule;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one node of a schema, compiled.
 *
 * <p>Rules: apiextensions-apiserver {@code pkg/apiserver/schema/cel/compilation.go}. What a rule may cost is not limited here.
 * Immutable; may be shared.
 */
final class CelRules {

    /** Texts of a messageExpression that are longer are not used: celconfig.MaxEvaluatedMessageExpressionSizeBytes. */
    private static final int MESSAGE_AT_MOST = 5 * 1024;

    /** Names no variable: the compiler would take a field of it for a type. */
    private static final String ROOT_TYPE = "#self";

    private static final KubernetesFunctions FUNCTIONS = new KubernetesFunctions();
    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .enableOptionalSyntax(true)
            .build();

    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(
                    CelExtensions.optional(),
                    CelExtensions.strings(),
                    CelExtensions.sets(OPTIONS),
                    CelExtensions.lists(),
                    CelExtensions.comprehensions())
            .addFunctionDeclarations(FUNCTIONS.declarations())
            .build();

    private static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .addLibraries(
                    CelExtensions.optional(),
                    CelExtensions.strings(),
                    CelExtensions.sets(OPTIONS),
                    CelExtensions.lists(),
                    CelExtensions.comprehensions())
            .addFunctionBindings(FUNCTIONS.bindings())
            .build();

    /**
     * One rule.
     *
     * @param program null where it did not compile
     * @param message the program of its messageExpression; null where there is none, or it did not compile
     * @param error why it did not compile; empty where it did
     */
    private record Compiled(
            Rule rule,
            CelRuntime.@Nullable Program program,
            CelRuntime.@Nullable Program message,
            boolean usesOldSelf,
            String error) {}

    /** What a rule said of a value. */
    sealed interface Verdict {
        /** It holds, or was not asked. */
        record Holds() implements Verdict {}

        /** It does not hold; the message is for users. */
        record Fails(String message) implements Verdict {}

        /** It could not be asked. */
        record Breaks(String why) implements Verdict {}
    }

    private final Structural schema;
    private final boolean isResource;
    private final List<Compiled> compiled = new ArrayList<>();

    /** Compiles the rules of a node. */
    CelRules(Structural schema, boolean isResource) {
        this.schema = schema;
        this.isResource = isResource;
        CelTypes types = new CelTypes();
        CelType self = types.of(schema, ROOT_TYPE, isResource);
        for (Rule rule : schema.rules()) {
            compiled.add(
                    self == null
                            ? broken(rule, "failed to convert to declType for CEL validation rules")
                            : compile(rule, self, types.provider()));
        }
    }

    /** How many there are. */
    int size() {
        return compiled.size();
    }

    Rule rule(int index) {
        return compiled.get(index).rule();
    }

    boolean usesOldSelf(int index) {
        return compiled.get(index).usesOldSelf();
    }

    /** Asks one rule; one about a change is asked only where there is an old value, or it says that it can do without. */
    Verdict ask(int index, JsonNode value, @Nullable JsonNode old) {
        Compiled one = compiled.get(index);
        CelRuntime.Program program = one.program();
        if (program == null) {
            return one.error().isEmpty()
                    ? new Verdict.Holds()
                    : new Verdict.Breaks("rule compile error: " + one.error());
        }
        if (one.usesOldSelf() && old == null && !one.rule().optionalOldSelf()) {
            return new Verdict.Holds();
        }
        try {
            Map<String, Object> variables = variables(one, value, old);
            return Boolean.TRUE.equals(program.eval(variables))
                    ? new Verdict.Holds()
                    : new Verdict.Fails(message(one, variables));
        } catch (CelEvaluationException failed) {
            return new Verdict.Breaks(explained(failed, one.rule()));
        } catch (DateTimeException malformed) {
            // A time that has the form of one, but an offset that there is not.
            return new Verdict.Breaks(
                    malformed.getMessage() + " evaluating rule: " + one.rule().shown());
        }
    }

    private Map<String, Object> variables(Compiled one, JsonNode value, @Nullable JsonNode old) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("self", CelValues.of(value, schema, isResource));
        if (one.usesOldSelf()) {
            Object before = old == null ? null : CelValues.of(old, schema, isResource);
            if (one.rule().optionalOldSelf()) {
                variables.put("oldSelf", Optional.ofNullable(before));
            } else if (before != null) {
                variables.put("oldSelf", before);
            }
        }
        return variables;
    }

    private static String message(Compiled one, Map<String, Object> variables) {
        if (one.message() != null) {
            try {
                String text = String.valueOf(one.message().eval(variables)).strip();
                if (!text.isEmpty() && text.length() <= MESSAGE_AT_MOST && text.indexOf('\n') < 0) {
                    return text;
                }
            } catch (CelEvaluationException failed) {
                // The API server logs it, and falls back to the message just so.
            }
        }
        Rule rule = one.rule();
        return rule.message().isEmpty()
                ? "failed rule: " + rule.shown()
                : rule.message().strip();
    }

    /** The error in the words of the Go implementation, as far as its kind tells. */
    private static String explained(CelEvaluationException failed, Rule rule) {
        String text = String.valueOf(failed.getMessage()).replaceFirst("^evaluation error( at <input>:\\d+)?: ", "");
        return switch (failed.getErrorCode()) {
            case OVERLOAD_NOT_FOUND ->
                "'no such overload': call arguments did not match a supported operator, function or macro signature for rule: "
                        + rule.shown();
            case ATTRIBUTE_NOT_FOUND ->
                "no such key: %s evaluating rule: %s"
                        .formatted(text.replaceFirst("^key '(.*)' is not present in map\\.$", "$1"), rule.shown());
            case INDEX_OUT_OF_BOUNDS -> "%s evaluating rule: %s".formatted(text.replaceFirst("^I", "i"), rule.shown());
            case DIVIDE_BY_ZERO -> "division by zero evaluating rule: " + rule.shown();
            case NUMERIC_OVERFLOW -> "integer overflow evaluating rule: " + rule.shown();
            default -> "%s evaluating rule: %s".formatted(text, rule.shown());
        };
    }

    private static Compiled compile(Rule rule, CelType self, CelTypeProvider types) {
        if (rule.rule().isBlank()) {
            return broken(rule, "");
        }
        CelType oldSelf = rule.optionalOldSelf() ? OptionalType.create(self) : self;
        CelCompiler compiler = COMPILER.toCompilerBuilder()
                .setTypeProvider(types)
                .addVar("self", self)
                .addVar("oldSelf", oldSelf)
                .build();
        try {
            CelAbstractSyntaxTree tree = compiler.compile(rule.rule()).getAst();
            if (!tree.getResultType().equals(SimpleType.BOOL)) {
                return broken(rule, "cel expression must evaluate to a bool");
            }
            boolean usesOldSelf = tree.getReferenceMap().values().stream()
                    .anyMatch(reference -> reference.name().equals("oldSelf"));
            CelRuntime.Program message =
                    rule.messageExpression().isEmpty() ? null : messageOf(compiler, rule.messageExpression());
            return new Compiled(rule, RUNTIME.createProgram(tree), message, usesOldSelf, "");
        } catch (CelValidationException | CelEvaluationException failed) {
            return broken(rule, "compilation failed: " + failed.getMessage());
        }
    }

    private static CelRuntime.@Nullable Program messageOf(CelCompiler compiler, String expression)
            throws CelEvaluationException {
        try {
            CelAbstractSyntaxTree tree = compiler.compile(expression).getAst();
            return tree.getResultType().equals(SimpleType.STRING) ? RUNTIME.createProgram(tree) : null;
        } catch (CelValidationException failed) {
            return null;
        }
    }

    private static Compiled broken(Rule rule, String why) {
        return new Compiled(rule, null, null, false, why);
    }
}
