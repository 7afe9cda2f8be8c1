package dev.spillway.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rules for all classes below {@code root}: {@code dev.spillway} for the project, another package for the fixtures
 * that break them. Immutable.
 */
record Rules(String root) {
    /**
     * All that the core may be made of. An allow-list, so that the next way to open a file need not be foreseen; what
     * these packages hold of clocks, random sources and threads is taken out by {@link #IMPURE_CLASSES} and
     * {@link #isImpure}.
     */
    private static final String[] PURE_PACKAGES = {
        "java.lang",
        "java.lang.annotation",
        "java.lang.invoke",
        "java.lang.runtime",
        "java.math",
        "java.nio.charset",
        "java.time..",
        "java.util",
        "java.util.function",
        "java.util.regex",
        "java.util.stream",
        "org.jspecify.annotations",
    };

    /** The one thing of a larger package: a hash is a function, and idempotency tokens are hashes. */
    private static final Set<String> PURE_CLASSES =
            Set.of("java.security.MessageDigest", "java.security.NoSuchAlgorithmException");

    private static final Set<String> IMPURE_CLASSES = Set.of(
            "java.lang.InheritableThreadLocal",
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.lang.ProcessHandle",
            "java.lang.Runtime",
            "java.lang.ScopedValue",
            "java.lang.Thread",
            "java.lang.ThreadGroup",
            "java.lang.ThreadLocal",
            "java.time.Clock",
            "java.time.InstantSource",
            "java.util.Random",
            "java.util.Scanner",
            "java.util.ServiceLoader",
            "java.util.SplittableRandom",
            "java.util.Timer",
            "java.util.TimerTask");

    /** Of {@link System} the core may copy arrays; everything else reads or changes the process. */
    private static final Set<String> PURE_SYSTEM_CALLS = Set.of("arraycopy", "lineSeparator");

    /** Which modules a module may see. Whoever is absent here is not a module of the project. */
    private static final Map<String, Set<String>> MAY_SEE = new TreeMap<>(Map.ofEntries(
            Map.entry("core", Set.of()),
            Map.entry("crds", Set.of()),
            Map.entry("embedded", Set.of()),
            Map.entry("kube", Set.of("core")),
            Map.entry("recording", Set.of("core")),
            Map.entry("regions", Set.of("core")),
            Map.entry("clusterregion", Set.of("core", "kube", "regions")),
            Map.entry("kubelet", Set.of("core", "kube", "regions")),
            Map.entry("simulation", Set.of("core", "embedded", "kube", "recording", "regions")),
            Map.entry("app", Set.of("clusterregion", "core", "kube", "kubelet", "recording", "regions")),
            Map.entry(
                    "trials",
                    Set.of(
                            "app",
                            "clusterregion",
                            "core",
                            "embedded",
                            "kube",
                            "kubelet",
                            "recording",
                            "regions",
                            "simulation"))));

    private static final List<String> FREE_OF_CIRCLES = List.of(
            "app",
            "clusterregion",
            "core",
            "crds",
            "embedded",
            "kube",
            "kubelet",
            "recording",
            "regions",
            "simulation",
            "trials");

    private static final Set<String> FOR_EVERYBODY = Stream.of(
                    AcquireAnswer.Unknown.class,
                    Refusal.OutOfStock.class,
                    Refusal.QuotaReached.class,
                    Refusal.Throttled.class,
                    Refusal.Unauthorised.class,
                    Refusal.Unavailable.class)
            .map(Class::getName)
            .collect(Collectors.toUnmodifiableSet());

    private static final List<String> ROOMS_OF_THE_ENGINE =
            List.of("allocation", "caps", "nodebind", "provision", "report", "takeover");

    /** Every rule, each named by what it says. */
    List<ArchRule> all() {
        var rules = new ArrayList<ArchRule>();
        rules.add(coreIsMadeOfValuesOnly());
        rules.add(coreIsDeterministic());
        rules.addAll(arrows());
        rules.add(everyClassIsInAModule());
        rules.add(nobodyWhoDecidesSeesAStockScript());
        rules.add(roomsOfTheEngineHaveOneDoor());
        rules.add(answersForEverybodyAreMadeInOnePlace());
        rules.addAll(noCircles());
        return rules;
    }

    ArchRule coreIsMadeOfValuesOnly() {
        return classes()
                .that()
                .resideInAPackage(in("core"))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(PURE_PACKAGES)
                        .and(not(impureClass()))
                        .or(pureClass())
                        .or(resideInAnyPackage(in("core"))))
                .as("core does no I/O and knows no thread, no clock, no random source and no logger")
                .because("the core takes time as an argument and returns effects; whoever runs it brings the rest");
    }

    ArchRule coreIsDeterministic() {
        return noClasses()
                .that()
                .resideInAPackage(in("core"))
                .should()
                .accessTargetWhere(target(describe("is impure", Rules::isImpure)))
                .as("core reads no clock, no random source and nothing of the process, and starts no thread")
                .because("the same events at the same instants must give the same effects");
    }

    /** One rule for each module: which others it may see. */
    List<ArchRule> arrows() {
        return MAY_SEE.keySet().stream().map(this::arrowsOf).toList();
    }

    ArchRule arrowsOf(String module) {
        var seen = MAY_SEE.getOrDefault(module, Set.of());
        var hidden = MAY_SEE.keySet().stream()
                .filter(other -> !other.equals(module) && !seen.contains(other))
                .map(this::in)
                .toArray(String[]::new);
        var rule = noClasses()
                .that()
                .resideInAPackage(in(module))
                .should()
                .dependOnClassesThat(resideInAnyPackage(hidden).as("of " + String.join(", ", hidden)));
        return rule.as(module + " sees no module but " + (seen.isEmpty() ? "itself" : String.join(", ", sorted(seen))))
                .because("no arrow leaves core, adapters do not know one another, and nothing that ships knows what"
                        + " tries it");
    }

    ArchRule everyClassIsInAModule() {
        var modules = MAY_SEE.keySet().stream().map(this::in).toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .resideInAnyPackage(modules)
                .as("every class is in the package of a module the rules know")
                .because("a module nobody gave a rule may see everything");
    }

    ArchRule nobodyWhoDecidesSeesAStockScript() {
        return noClasses()
                .that()
                .resideInAnyPackage(in("core"), in("kube"), in("app.controller"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(in("regions.simulated"), in("crds.simulated")))
                .as("core, kube and the controller never see the types of a stock script")
                .because("the controller learns stock from a region's answers alone, as from a real cloud");
    }

    ArchRule roomsOfTheEngineHaveOneDoor() {
        var rooms = ROOMS_OF_THE_ENGINE.stream().map(room -> in("core." + room)).toArray(String[]::new);
        return noClasses()
                .that()
                .resideOutsideOfPackage(in("core"))
                .and()
                .resideInAPackage(root + "..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(rooms))
                .as("nobody but core uses the rooms " + String.join(", ", ROOMS_OF_THE_ENGINE))
                .because("whoever runs the engine sees events and effects (core.step) and the engine itself");
    }

    ArchRule answersForEverybodyAreMadeInOnePlace() {
        return noClasses()
                .that()
                .resideInAPackage(in("clusterregion"))
                .and()
                .doNotHaveSimpleName("Negative")
                .should()
                .callConstructorWhere(target(describe(
                        "closes a region or an offer",
                        constructor ->
                                FOR_EVERYBODY.contains(constructor.getOwner().getFullName()))))
                .as("in a region that is another cluster nobody but Negative makes answers that close it to everybody")
                .because("what they say is shown to every namespace, and a server's words may quote one tenant's pod");
    }

    /** One rule for each of these modules: its packages. */
    List<ArchRule> noCircles() {
        return FREE_OF_CIRCLES.stream().map(this::noCircleIn).toList();
    }

    ArchRule noCircleIn(String module) {
        return slices().assignedFrom(new PackagesOf(in(module)))
                .should()
                .beFreeOfCycles()
                .as("no packages of " + module + " depend on one another in a circle")
                .because("what is in a circle can only be understood, moved and tested as one");
    }

    /** Each package of a module is a slice, the module's own too. */
    private record PackagesOf(String module) implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return resideInAPackage(module).test(type)
                    ? SliceIdentifier.of(type.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages of " + module;
        }
    }

    private static DescribedPredicate<JavaClass> pureClass() {
        return describe("pure class", type -> PURE_CLASSES.contains(outermost(type)));
    }

    private static DescribedPredicate<JavaClass> impureClass() {
        return describe("impure class", type -> IMPURE_CLASSES.contains(outermost(type)));
    }

    private static String outermost(JavaClass type) {
        var name = type.getBaseComponentType().getName();
        var inner = name.indexOf('$');
        return inner < 0 ? name : name.substring(0, inner);
    }

    private static boolean isImpure(AccessTarget target) {
        var owner = target.getOwner();
        var member = target.getName();
        return switch (owner.getName()) {
            case "java.lang.System" -> !PURE_SYSTEM_CALLS.contains(member);
            case "java.lang.Math", "java.lang.StrictMath" -> member.equals("random");
            case "java.util.UUID" -> member.equals("randomUUID");
            case "java.util.Collections" -> member.equals("shuffle");
            case "java.util.Locale", "java.util.TimeZone" -> member.equals("getDefault");
            default ->
                member.equals("parallel")
                        || member.equals("parallelStream")
                        || (owner.getPackageName().startsWith("java.time")
                                && (member.equals("now") || member.equals("systemDefault")));
        };
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    private String in(String module) {
        return root + "." + module + "..";
    }
}
