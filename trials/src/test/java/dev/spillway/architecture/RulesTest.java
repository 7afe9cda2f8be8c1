package dev.spillway.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.spillway.architecture.fixture.app.controller.KnowsARoom;
import dev.spillway.architecture.fixture.app.controller.ReadsAScript;
import dev.spillway.architecture.fixture.clusterregion.SaysItItself;
import dev.spillway.architecture.fixture.core.Impure;
import dev.spillway.architecture.fixture.core.Pure;
import dev.spillway.architecture.fixture.core.ReadsAScriptInCore;
import dev.spillway.architecture.fixture.crds.KnowsTheCore;
import dev.spillway.architecture.fixture.embedded.KnowsAnAdapter;
import dev.spillway.architecture.fixture.kube.KnowsARegion;
import dev.spillway.architecture.fixture.kube.ReadsTheStockOfARegion;
import dev.spillway.architecture.fixture.regions.KnowsTheCluster;
import dev.spillway.architecture.fixture.regions.far.Far;
import dev.spillway.architecture.fixture.regions.near.Near;
import dev.spillway.architecture.fixture.regions.simulated.Script;
import dev.spillway.architecture.fixture.unknown.Stray;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RulesTest {
    private static final Rules RULES = new Rules("dev.spillway.architecture.fixture");
    private static final JavaClasses FIXTURES = new ClassFileImporter().importPackages(RULES.root());

    @ParameterizedTest
    @MethodSource("impureMethods")
    void anythingImpureInTheCoreIsFound(String method) {
        var violations = Stream.of(RULES.coreIsMadeOfValuesOnly(), RULES.coreIsDeterministic())
                .flatMap(rule -> violations(rule, Impure.class).stream());

        assertThat(violations).anyMatch(violation -> violation.contains("Impure." + method + "("));
    }

    static Stream<String> impureMethods() {
        return Arrays.stream(Impure.class.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(Method::getName);
    }

    @Test
    void whatTheCoreIsMadeOfIsAllowed() {
        assertThat(violations(RULES.coreIsMadeOfValuesOnly(), Pure.class)).isEmpty();
        assertThat(violations(RULES.coreIsDeterministic(), Pure.class)).isEmpty();
    }

    @Test
    void noArrowLeavesCore() {
        assertThat(violations(RULES.arrowsOf("core"), ReadsAScriptInCore.class)).isNotEmpty();
    }

    @Test
    void adaptersDoNotKnowOneAnother() {
        assertThat(violations(RULES.arrowsOf("crds"), KnowsTheCore.class)).isNotEmpty();
        assertThat(violations(RULES.arrowsOf("embedded"), KnowsAnAdapter.class)).isNotEmpty();
        assertThat(violations(RULES.arrowsOf("kube"), KnowsARegion.class)).isNotEmpty();
        assertThat(violations(RULES.arrowsOf("regions"), KnowsTheCluster.class)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {ReadsAScript.class, ReadsAScriptInCore.class, KnowsARegion.class, ReadsTheStockOfARegion.class})
    void whoeverDecidesAndSeesAStockScriptIsFound(Class<?> offender) {
        assertThat(violations(RULES.nobodyWhoDecidesSeesAStockScript(), offender))
                .isNotEmpty();
    }

    @Test
    void aStockScriptMaySeeItself() {
        assertThat(RULES.nobodyWhoDecidesSeesAStockScript()
                        .allowEmptyShould(true)
                        .evaluate(classes(Script.class))
                        .hasViolation())
                .isFalse();
    }

    @Test
    void whoeverPassesByTheEngineIsFound() {
        assertThat(violations(RULES.roomsOfTheEngineHaveOneDoor(), KnowsARoom.class))
                .isNotEmpty();
    }

    @Test
    void whoeverClosesARegionInWordsOfItsOwnIsFound() {
        assertThat(violations(RULES.answersForEverybodyAreMadeInOnePlace(), SaysItItself.class))
                .hasSize(2);
    }

    @Test
    void aModuleWithoutARuleIsFound() {
        assertThat(violations(RULES.everyClassIsInAModule(), Stray.class)).isNotEmpty();
        assertThat(violations(RULES.everyClassIsInAModule(), Pure.class)).isEmpty();
    }

    @Test
    void aCircleOfPackagesIsFound() {
        var circle = FIXTURES.that(belongToAnyOf(Near.class, Near.Home.class, Far.class));

        assertThat(RULES.noCircleIn("regions").evaluate(circle).hasViolation()).isTrue();
        assertThat(RULES.noCircleIn("regions").evaluate(classes(Far.class)).hasViolation())
                .isFalse();
    }

    private static List<String> violations(ArchRule rule, Class<?> type) {
        return rule.evaluate(classes(type)).getFailureReport().getDetails();
    }

    private static JavaClasses classes(Class<?> type) {
        return FIXTURES.that(belongToAnyOf(type));
    }
}
