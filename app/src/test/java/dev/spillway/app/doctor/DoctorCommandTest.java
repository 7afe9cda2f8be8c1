package dev.spillway.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.app.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class DoctorCommandTest {
    private static final String REGIONS = "/apis/spillway.dev/v1alpha1/regions";
    private static final String FORBIDDEN = "{\"kind\": \"Status\", \"message\": \"regions is forbidden\"}";

    @TempDir
    private Path folder = Path.of("");

    private final HomeCluster home = new HomeCluster();

    private record Ran(int code, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }

        String last() {
            return lines().getLast();
        }

        /** The line about it, without the mark; what to do about it follows it. */
        String about(String mark, String subject) {
            return lines().stream()
                    .filter(line -> line.startsWith(mark) && line.contains("  " + subject + "  "))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no line about " + subject + " in\n" + out));
        }
    }

    @AfterEach
    void stop() {
        home.close();
    }

    private Ran doctor(String... options) throws IOException {
        var out = new StringWriter();
        var err = new StringWriter();
        var args =
                Stream.concat(Stream.of("doctor", "--kubeconfig=" + home.kubeconfig(folder)), Arrays.stream(options));
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    @Test
    void aClusterInOrderIsFineAllOver() throws IOException {
        home.region("cn-hangzhou", "Simulated");
        home.virtualNode("virtual-kubelet-j", "cn-hangzhou");

        var ran = doctor();

        assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.about("ok", "API server")).contains(home.server().url(), "Kubernetes v1.37.2");
        assertThat(ran.about("ok", "definitions"))
                .contains("regions.spillway.dev", "resourcepolicies.scheduling.alibabacloud.com");
        assertThat(ran.about("ok", "controller"))
                .contains("host-1 leads since 2026-11-30T08:00:00", "spillway-system/spillway");
        assertThat(ran.about("ok", "Region cn-hangzhou"))
                .contains("reachable since 2026-11-30T10:00:00Z", "instances: 4");
        assertThat(ran.about("ok", "streams of cn-hangzhou")).contains("SPDY/3.1");
        assertThat(ran.last()).isEqualTo("7 fine, 0 worth knowing, 0 trouble");
    }

    @Test
    void troubleEndsWithOneAndSaysWhatToDo() throws IOException {
        home.region("cn-hangzhou", "Simulated");
        home.withoutAdmission("mutatingadmissionpolicybindings/spillway-scheduler-name-eci-pod");
        home.names("alibabacloud.com/acs");

        var ran = doctor();

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.about("TROUBLE", "admission"))
                .contains("mutatingadmissionpolicybindings/spillway-scheduler-name-eci-pod")
                .contains("pods labelled alibabacloud.com/eci keep the default scheduler")
                .doesNotContain("acs");
        assertThat(ran.out()).contains("-> spillway install");
        assertThat(ran.last()).isEqualTo("5 fine, 0 worth knowing, 1 trouble");
    }

    @Test
    void aServerThatDoesNotAnswerIsAllThereIsToSay() throws IOException {
        var kubeconfig = home.kubeconfig(folder).toString();
        home.close();

        var out = new StringWriter();
        int code = Main.run(new PrintWriter(out), new PrintWriter(out), "doctor", "--kubeconfig", kubeconfig);

        assertThat(code).isEqualTo(1);
        assertThat(out.toString().lines())
                .hasSize(3)
                .first()
                .asString()
                .startsWith("TROUBLE  API server  ")
                .contains("cannot be reached", "check that the API server");
    }

    @Test
    void credentialsThatAreRefusedAreSaidOnce() throws IOException {
        home.server().answers("/version", 401, "{\"kind\": \"Status\", \"message\": \"Unauthorized\"}");

        var ran = doctor();

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.about("TROUBLE", "API server")).contains("does not accept the credentials", "renew");
        assertThat(ran.last()).isEqualTo("0 fine, 0 worth knowing, 1 trouble");
    }

    @Test
    void anOlderServerWithoutTheAdmissionApiIsWorthKnowing() throws IOException {
        home.server()
                .answers("/version", 200, "{\"major\": \"1\", \"minor\": \"33+\", \"gitVersion\": \"v1.33.5-eks\"}")
                .answers(HomeCluster.ADMISSION, 200, "{\"resources\": [{\"name\": \"validatingadmissionpolicies\"}]}")
                .answers(HomeCluster.TRIAL, 201, "{\"spec\": {\"schedulerName\": \"default-scheduler\"}}");

        var ran = doctor();

        assertThat(ran.code()).isZero();
        assertThat(ran.about("note", "API server")).contains("v1.33.5-eks", "older");
        assertThat(ran.about("note", "admission")).contains("MutatingAdmissionPolicy");
        assertThat(ran.out()).contains("-> write schedulerName: ack-co-scheduler");
        assertThat(ran.about("note", "Regions")).contains("none is declared");
    }

    @Test
    void missingDefinitionsAreNamed() throws IOException {
        home.server().answers(REGIONS, 404, "{}");

        var ran = doctor();

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.about("TROUBLE", "definitions"))
                .contains("does not know regions.spillway.dev")
                .doesNotContain("resourcepolicies");
    }

    @Test
    void whatTheUserMayNotSeeIsNoTroubleAndStopsNothing() throws IOException {
        home.server().answers(REGIONS, 403, FORBIDDEN);

        var ran = doctor();

        assertThat(ran.code()).isZero();
        assertThat(ran.about("note", "Regions")).contains("this user may not list regions", "regions is forbidden");
        assertThat(ran.out()).contains("grant the right").contains("host-1 leads");
    }

    @Test
    void withoutALeaseNoControllerHasLed() throws IOException {
        home.server().answers(HomeCluster.LEASE, 404, "{}");

        var ran = doctor();

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.about("TROUBLE", "controller")).contains("no Lease spillway-system/spillway");
    }

    @Test
    void aLeaseThatNobodyRenewsNamesItsLastHolder() throws IOException {
        home.server()
                .answers(HomeCluster.LEASE, 200, HomeCluster.lease("host-7", Instant.parse("2026-11-30T09:00:00Z"), 5));

        assertThat(doctor().about("TROUBLE", "controller"))
                .contains("nobody leads", "host-7", "2026-11-30T09:00:00Z", "did not while we looked");

        home.server().answers(HomeCluster.LEASE, 200, HomeCluster.lease("", Instant.parse("2026-11-30T09:00:00Z"), 6));

        assertThat(doctor().about("TROUBLE", "controller")).contains("the last one gave up", "2026-11-30T09:00:00Z");
    }

    @Test
    void aControllerWhoseClockIsWrongStillLeads() throws IOException {
        home.server()
                .answers(
                        HomeCluster.LEASE,
                        200,
                        () -> home.lease("host-1", Instant.now().minusSeconds(100)));

        var ran = doctor();

        assertThat(ran.code()).isZero();
        assertThat(ran.about("ok", "controller")).contains("host-1 leads");
        assertThat(ran.about("note", "controller")).contains("clock of host-1 is", "s behind the API server's");
    }

    @Test
    void anotherLeaseNamespaceIsLookedAt() throws IOException {
        home.server()
                .answers(
                        "/apis/coordination.k8s.io/v1/namespaces/gpu/leases/spillway",
                        200,
                        () -> home.lease("host-2", Instant.now()));

        assertThat(doctor("--lease-namespace", "gpu").about("ok", "controller"))
                .contains("host-2 leads", "gpu/spillway");
    }

    @Test
    void jsonHasTheSame() throws IOException {
        home.server().answers(HomeCluster.LEASE, 404, "{}");

        var ran = doctor("-o", "json");
        var report = new ObjectMapper().readTree(ran.out());

        assertThat(ran.code()).isEqualTo(1);
        assertThat(report.path("fine").asInt()).isEqualTo(4);
        assertThat(report.path("worthKnowing").asInt()).isEqualTo(1);
        assertThat(report.path("trouble").asInt()).isEqualTo(1);
        var controller = report.path("diagnoses").path(4);
        assertThat(controller.path("verdict").asText()).isEqualTo("Trouble");
        assertThat(controller.path("subject").asText()).isEqualTo("controller");
        assertThat(controller.path("what").asText()).contains("no Lease");
        assertThat(controller.path("remedy").asText()).contains("spillway controller");
    }
}
