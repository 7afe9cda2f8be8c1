package dev.spillway.embedded.schema;

import static dev.cel.common.CelOverloadDecl.newMemberOverload;

import com.google.common.primitives.UnsignedLong;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The functions that Kubernetes adds to CEL for lists and for regular expressions.
 *
 * <p>Rules: apiserver {@code pkg/cel/library/lists.go} and {@code regex.go}. Its libraries for URLs, quantities, addresses,
 * named formats and semantic versions are not here: a rule that uses them does not compile.
 */
final class KubernetesFunctions {

    private static final Map<String, CelType> SUMMABLE = Map.of(
            "int",
            SimpleType.INT,
            "uint",
            SimpleType.UINT,
            "double",
            SimpleType.DOUBLE,
            "duration",
            SimpleType.DURATION);

    private static final CelType ANY = TypeParamType.create("A");

    private final Map<String, List<CelOverloadDecl>> declarations = new LinkedHashMap<>();
    private final List<CelFunctionBinding> bindings = new ArrayList<>();

    KubernetesFunctions() {
        Map<String, CelType> comparable = new LinkedHashMap<>(SUMMABLE);
        comparable.put("bool", SimpleType.BOOL);
        comparable.put("string", SimpleType.STRING);
        comparable.put("bytes", SimpleType.BYTES);
        comparable.put("timestamp", SimpleType.TIMESTAMP);
        comparable.forEach((name, type) -> {
            ofList(
                    "isSorted",
                    "list_%s_is_sorted_bool".formatted(name),
                    type,
                    SimpleType.BOOL,
                    arguments -> ListFunctions.isSorted(list(arguments)));
            ofList(
                    "min",
                    "list_%s_min_%s".formatted(name, name),
                    type,
                    type,
                    arguments -> ListFunctions.extreme(list(arguments), -1));
            ofList(
                    "max",
                    "list_%s_max_%s".formatted(name, name),
                    type,
                    type,
                    arguments -> ListFunctions.extreme(list(arguments), 1));
        });
        SUMMABLE.forEach((name, type) -> {
            String id = "list_%s_sum_%s".formatted(name, name);
            ofList("sum", id, type, type, arguments -> ListFunctions.sum(list(arguments), name));
        });
        ofListAndAny("indexOf", "list_a_index_of_int", arguments ->
                (long) list(arguments).indexOf(arguments[1]));
        ofListAndAny("lastIndexOf", "list_a_last_index_of_int", arguments ->
                (long) list(arguments).lastIndexOf(arguments[1]));
        regularExpressions();
    }

    /** What the compiler must know. */
    List<CelFunctionDecl> declarations() {
        return declarations.entrySet().stream()
                .map(function -> CelFunctionDecl.newFunctionDeclaration(function.getKey(), function.getValue()))
                .toList();
    }

    /** What runs. */
    List<CelFunctionBinding> bindings() {
        return bindings;
    }

    private void regularExpressions() {
        declare(
                "find",
                newMemberOverload("string_find_string", SimpleType.STRING, SimpleType.STRING, SimpleType.STRING));
        bindings.add(
                CelFunctionBinding.from("string_find_string", String.class, String.class, KubernetesFunctions::find));
        CelType texts = ListType.create(SimpleType.STRING);
        declare("findAll", newMemberOverload("string_find_all_string", texts, SimpleType.STRING, SimpleType.STRING));
        bindings.add(CelFunctionBinding.from(
                "string_find_all_string", String.class, String.class, (text, regex) -> findAll(text, regex, -1)));
        declare(
                "findAll",
                newMemberOverload(
                        "string_find_all_string_int", texts, SimpleType.STRING, SimpleType.STRING, SimpleType.INT));
        bindings.add(CelFunctionBinding.from(
                "string_find_all_string_int",
                List.of(String.class, String.class, Long.class),
                arguments -> findAll((String) arguments[0], (String) arguments[1], (Long) arguments[2])));
    }

    private void ofList(String name, String id, CelType element, CelType result, CelFunctionOverload body) {
        declare(name, newMemberOverload(id, result, ListType.create(element)));
        bindings.add(CelFunctionBinding.from(id, List.of(List.class), body));
    }

    private void ofListAndAny(String name, String id, CelFunctionOverload body) {
        declare(name, newMemberOverload(id, SimpleType.INT, ListType.create(ANY), ANY));
        bindings.add(CelFunctionBinding.from(id, List.of(List.class, Object.class), body));
    }

    private void declare(String function, CelOverloadDecl overload) {
        declarations.computeIfAbsent(function, _ -> new ArrayList<>()).add(overload);
    }

    private static List<?> list(Object[] arguments) {
        return (List<?>) arguments[0];
    }

    private static String find(String text, String regex) {
        Matcher matcher = Pattern.compile(regex).matcher(text);
        return matcher.find() ? matcher.group() : "";
    }

    private static List<String> findAll(String text, String regex, long most) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(regex).matcher(text);
        while ((most < 0 || found.size() < most) && matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    /** The functions of lists. */
    private static final class ListFunctions {

        private ListFunctions() {}

        static Object isSorted(List<?> list) throws CelEvaluationException {
            for (int i = 1; i < list.size(); i++) {
                if (compare(list.get(i - 1), list.get(i)) > 0) {
                    return false;
                }
            }
            return true;
        }

        static Object extreme(List<?> list, int sign) throws CelEvaluationException {
            Object best = null;
            for (Object element : list) {
                if (best == null || sign * compare(element, best) > 0) {
                    best = element;
                }
            }
            if (best == null) {
                String name = sign < 0 ? "min" : "max";
                throw new CelEvaluationException("%s called on empty list".formatted(name));
            }
            return best;
        }

        static Object sum(List<?> list, String type) throws CelEvaluationException {
            Object sum = zero(type);
            for (Object element : list) {
                sum = add(sum, element);
                if (sum == null) {
                    throw new CelEvaluationException("no such overload");
                }
            }
            return sum;
        }

        private static Object zero(String type) {
            return switch (type) {
                case "double" -> 0.0;
                case "duration" -> Duration.ZERO;
                case "uint" -> UnsignedLong.ZERO;
                default -> 0L;
            };
        }

        private static @Nullable Object add(@Nullable Object sum, Object element) throws CelEvaluationException {
            try {
                return switch (element) {
                    case Long number when sum instanceof Long before -> Math.addExact(before, number);
                    case Double number when sum instanceof Double before -> before + number;
                    case Duration time when sum instanceof Duration before -> before.plus(time);
                    case UnsignedLong number when sum instanceof UnsignedLong before -> before.plus(number);
                    default -> null;
                };
            } catch (ArithmeticException overflow) {
                throw new CelEvaluationException("integer overflow", overflow);
            }
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // both are of one class, as the checker saw to
        private static int compare(Object one, Object other) throws CelEvaluationException {
            if (one instanceof Comparable comparable && one.getClass() == other.getClass()) {
                return comparable.compareTo(other);
            }
            throw new CelEvaluationException("no such overload");
        }
    }
}
