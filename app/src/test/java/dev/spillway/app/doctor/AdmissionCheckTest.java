package dev.spillway.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.doctor.Diagnosis.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The labels are those of deploy/base, each of which has a binding of its own. */
@Timeout(60)
final class AdmissionCheckTest {
    private static final String POLICY = "mutatingadmissionpolicies/spillway-scheduler-name";
    private static final String BINDING = "mutatingadmissionpolicybindings/spillway-scheduler-name-";
    private static final String DEFAULT = "{\"spec\": {\"schedulerName\": \"default-scheduler\"}}";
    private static final String OURS = "{\"spec\": {\"schedulerName\": \"ack-co-scheduler\"}}";

    @TempDir
    private Path folder = Path.of("");

    private final HomeCluster home = new HomeCluster();

    @AfterEach
    void stop() {
        home.close();
    }

    private Diagnosis only() throws IOException {
        try (var cluster = home.open(folder)) {
            var found = new AdmissionCheck(new Home(cluster)).look();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }

    private void assertOnly(Verdict verdict, String... words) throws IOException {
        var found = only();
        assertThat(found.verdict()).as(found.what()).isEqualTo(verdict);
        assertThat(found.what()).contains(words);
    }

    private void withoutPolicies() {
        home.server()
                .answers(HomeCluster.ADMISSION, 200, "{\"resources\": [{\"name\": \"validatingadmissionpolicies\"}]}");
    }

    private void nothingOfOurs() {
        home.withoutAdmission(POLICY);
        for (var binding : new String[] {"acs-pod", "eci-pod", "eci-namespace"}) {
            home.withoutAdmission(BINDING + binding);
        }
    }

    private void eciNamespace(String answer) {
        home.server()
                .answers("/api/v1/namespaces", 200, "{\"items\": [{\"metadata\": {\"name\": \"gpu\"}}]}")
                .answers("/api/v1/namespaces/gpu/pods", 201, answer);
    }

    @Test
    void whatIsInstalledAndWorksIsFine() throws IOException {
        assertOnly(Verdict.FINE, "labelled pods are given to Spillway's scheduler");
    }

    @Test
    void whatIsInstalledAndDoesNotWorkIsTrouble() throws IOException {
        home.server().answers(HomeCluster.TRIAL, 201, DEFAULT);

        assertOnly(
                Verdict.TROUBLE,
                "policy and bindings are there, but pods labelled alibabacloud.com/acs and pods labelled alibabacloud.com/eci"
                        + " keep the default scheduler");
    }

    @Test
    void aNamespaceThatAsksForItIsTriedToo() throws IOException {
        eciNamespace(DEFAULT);

        assertOnly(Verdict.TROUBLE, "pods of namespaces labelled alibabacloud.com/eci keep the default scheduler");
    }

    @Test
    void whatCannotBeTriedIsTakenForWhatIsThere() throws IOException {
        home.server().answers(HomeCluster.TRIAL, 403, "{}");

        assertOnly(Verdict.FINE, "they could not be tried");
    }

    @Test
    void aWebhookInPlaceOfAllThatIsInstalledIsFine() throws IOException {
        nothingOfOurs();

        assertOnly(Verdict.FINE, "by something else than " + POLICY);
    }

    @Test
    void aBindingThatIsMissingIsTroubleWhereItIsMissed() throws IOException {
        home.withoutAdmission(BINDING + "eci-pod");
        home.names("alibabacloud.com/acs");

        assertOnly(
                Verdict.TROUBLE,
                "there is no " + BINDING + "eci-pod: pods labelled alibabacloud.com/eci keep the default scheduler");
    }

    /** That the other two bindings work says nothing of a third one. */
    @Test
    void aBindingThatIsMissingAndCannotBeTriedIsWorthKnowing() throws IOException {
        home.withoutAdmission(BINDING + "eci-namespace");

        assertOnly(
                Verdict.WORTH_KNOWING,
                "there is no " + BINDING + "eci-namespace",
                "whether something else gives pods of namespaces labelled alibabacloud.com/eci");

        eciNamespace(OURS);

        assertOnly(Verdict.FINE, "by something else than " + BINDING + "eci-namespace");
    }

    @Test
    void withoutPoliciesAndWithoutATrialNothingIsSaidOfLabels() throws IOException {
        nothingOfOurs();
        home.server().answers(HomeCluster.TRIAL, 403, "{}");

        assertOnly(Verdict.WORTH_KNOWING, "could not be tried");
        assertThat(only().remedy()).contains("spillway install", "create pods in namespace default");
    }

    @Test
    void aTrialThatWorksNeedsNoRightToSeePolicies() throws IOException {
        home.server().answers(HomeCluster.ADMISSION + "/" + POLICY, 403, "{}");

        assertOnly(Verdict.FINE, "labelled pods are given to Spillway's scheduler");
    }

    @Test
    void aServerWithoutPoliciesHasItsWebhook() throws IOException {
        withoutPolicies();

        assertOnly(Verdict.FINE, "by something else than what spillway install brings");
    }

    @Test
    void aServerWithoutPoliciesAndWithoutAWebhookIsWorthKnowing() throws IOException {
        withoutPolicies();
        home.server().answers(HomeCluster.TRIAL, 201, DEFAULT);

        assertOnly(Verdict.WORTH_KNOWING, "no MutatingAdmissionPolicy", "labels alone bring no pod to Spillway");
        assertThat(only().remedy()).isEqualTo("write schedulerName: ack-co-scheduler into pods");

        home.names("alibabacloud.com/eci");

        assertOnly(
                Verdict.WORTH_KNOWING,
                "pods labelled alibabacloud.com/acs keep the default scheduler",
                "something else gives it pods labelled alibabacloud.com/eci");
    }

    @Test
    void aServerWithoutPoliciesOfWhichNothingCanBeTriedIsNotSaidToHaveNothing() throws IOException {
        withoutPolicies();
        home.server().answers(HomeCluster.TRIAL, 403, "{}");

        assertOnly(Verdict.WORTH_KNOWING, "could not be tried");
        assertThat(only().what()).doesNotContain("labels alone");
    }
}
