package dev.spillway.core.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The one table of cases for admission (R20.1). */
class AdmissionRuleTest {
    @ParameterizedTest
    @CsvSource({
        // acs, eci, namespace eci, scheduler, node, daemon set, expected
        "true,,,default-scheduler,false,false,true",
        ",true,,default-scheduler,false,false,true",
        ",,true,default-scheduler,false,false,true",
        "true,,,'',false,false,true",
        ",,,default-scheduler,false,false,false",
        "false,,,default-scheduler,false,false,false",
        "true,,,other,false,false,false",
        "true,,,ack-co-scheduler,false,false,false",
        "true,,,default-scheduler,true,false,false",
        "true,,,default-scheduler,false,true,false",
    })
    void cases(
            String acs,
            String eci,
            String namespaceEci,
            String scheduler,
            boolean node,
            boolean daemonSet,
            boolean want) {
        var pod = Labels.empty();
        pod = acs == null ? pod : pod.with(Labels.of("alibabacloud.com/acs", acs));
        pod = eci == null ? pod : pod.with(Labels.of("alibabacloud.com/eci", eci));
        var namespace = namespaceEci == null ? Labels.empty() : Labels.of("alibabacloud.com/eci", namespaceEci);
        assertThat(AdmissionRule.namesOurScheduler(pod, namespace, scheduler, node, daemonSet))
                .isEqualTo(want);
    }

    @Test
    void costIsHighestForTheFirstUnitAndPositiveForTheTwentieth() {
        var unit = new dev.spillway.core.policy.Unit(
                dev.spillway.core.policy.Unit.Resource.ACS,
                Labels.empty(),
                Labels.empty(),
                Labels.empty(),
                null,
                dev.spillway.core.model.ResourceList.EMPTY,
                false,
                null);
        assertThat(DeletionCost.of(unit, 1)).isEqualTo(2000);
        assertThat(DeletionCost.of(unit, 20)).isEqualTo(100);
    }
}
