package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLockTarget;

/**
 * What goes back and forth between a terminal at the home cluster and a container in a region: logs, shells, ports, files. Every test has a namespace of its
 * own. {@code -Dfollow.minutes=30} follows a log for longer than the 2 minutes here.
 */
@RegionClusters.Shared
@Timeout(value = 60, unit = TimeUnit.MINUTES) // for the longest that somebody follows a log
@Execution(ExecutionMode.CONCURRENT) // most of each test is waiting
@ResourceLock(value = RegionClusters.CONTROLLER, mode = ResourceAccessMode.READ, target = ResourceLockTarget.CHILDREN)
final class RegionStreamsIT {
    private static final int FOLLOW_MINUTES = Integer.getInteger("follow.minutes", 2);
    private static final int LINES_PER_SECOND = 10;
    private static final int MEBIBYTES = 100;
    private static final String SLEEP = "command: [sleep, \"7200\"]";

    private final HomeCluster home;
    private final Path folder;

    RegionStreamsIT(RegionClusters clusters) {
        this.home = clusters.home();
        this.folder = clusters.folder();
    }

    private void runPod(String namespace, String container) throws IOException {
        home.namespace(namespace);
        home.apply(HomeCluster.pod(namespace, "web", container));
        home.awaitReady(namespace, "web");
    }

    @Test
    void aLogThatIsFollowedMissesNoLine() throws Exception {
        runPod("follow", """
            command: [sh, -c, 'i=0; while true; do echo "line $i"; i=$((i+1)); usleep 100000; done']
            """);

        try (var follow = home.start("logs", "-f", "-n", "follow", "web")) {
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(FOLLOW_MINUTES);
            while (System.nanoTime() < end) {
                assertThat(follow.process().isAlive())
                        .as(() -> "kubectl logs -f ended: " + last(follow))
                        .isTrue();
                Thread.sleep(200);
            }
            int before = follow.lines().size();
            await("it still grows", () -> lines(follow) > before);
            var lines = follow.lines();
            System.out.printf("logs -f: %d lines in %d min%n", lines.size(), FOLLOW_MINUTES);
            // A start of the shell for each line costs time; half of the pace is what a busy machine keeps.
            assertThat(lines).hasSizeGreaterThan(FOLLOW_MINUTES * 60 * LINES_PER_SECOND / 2);
            for (int i = 0; i < lines.size(); i++) {
                assertThat(lines.get(i)).isEqualTo("line " + i);
            }
        }
    }

    @Test
    void aTerminalHasItsSizeAndIsResizedAndItsExitCodeComesBack() throws Exception {
        runPod("terminal", SLEEP);
        var device = Files.createTempFile(folder, "terminal", ".device");
        var output = Files.createTempFile(folder, "terminal", ".out");
        var inside = "exec -it -n terminal web -- sh -c '"
                + "stty size; read line; echo \"got $line\"; "
                + "while [ \"$(stty size)\" = \"30 100\" ]; do usleep 100000; done; stty size; exit 37'";
        // script(1) gives it a terminal, as an emulator would.
        var process = new ProcessBuilder(
                        "script",
                        "--quiet",
                        "--return",
                        "--command",
                        "tty > '%s'; stty rows 30 cols 100; %s".formatted(device, home.shellCommand(inside)),
                        "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        try (var keyboard = process.getOutputStream()) {
            awaitIn(output, "30 100");
            keyboard.write("a line\n".getBytes(StandardCharsets.UTF_8));
            keyboard.flush();
            awaitIn(output, "got a line");
            var resized = new ProcessBuilder(
                            "stty", "-F", Files.readString(device).strip(), "cols", "120")
                    .inheritIO()
                    .start();
            assertThat(resized.waitFor()).isZero();
            awaitIn(output, "30 120");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(37);
        } finally {
            process.destroy();
        }
    }

    @Test
    void whatIsTypedIntoAnAttachedContainerReachesIt() throws Exception {
        runPod("attach", """
            command: [sh, -c, 'while read line; do echo "got $line"; done']
            stdin: true
            """);

        try (var attached = home.start("attach", "-i", "-n", "attach", "web")) {
            var keyboard = attached.process().getOutputStream();
            for (var word : new String[] {"one", "two"}) {
                keyboard.write((word + "\n").getBytes(StandardCharsets.UTF_8));
                keyboard.flush();
                awaitIn(attached.output(), "got " + word);
            }
        }
        assertThat(home.done("logs", "-n", "attach", "web")).contains("got one\ngot two\n");
    }

    @Test
    void aForwardedPortBringsAHundredMebibytesUnchanged() throws Exception {
        runPod("forward", """
            command: [sh, -c, 'mkdir /www; head -c %d /dev/urandom > /www/big; exec httpd -f -p 8080 -h /www']
            readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
            """.formatted(MEBIBYTES << 20));
        var there = home.done("exec", "-n", "forward", "web", "--", "sha256sum", "/www/big");

        try (var forward = home.start("port-forward", "-n", "forward", "pod/web", ":8080");
                var http = HttpClient.newHttpClient()) {
            var pattern = Pattern.compile("127\\.0\\.0\\.1:(\\d+) -> 8080");
            awaitIn(forward.output(), "-> 8080");
            var matcher = pattern.matcher(Files.readString(forward.output()));
            assertThat(matcher.find()).isTrue();
            var address = URI.create("http://127.0.0.1:" + matcher.group(1) + "/big");
            long begun = System.nanoTime();
            var answer = http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofInputStream());
            var digest = digest(answer.body());
            System.out.printf("port-forward: %d MiB in %d ms%n", MEBIBYTES, (System.nanoTime() - begun) / 1_000_000);
            assertThat(there).startsWith(digest + " ");
        }
    }

    @Test
    void filesAreCopiedThereAndBack() throws Exception {
        runPod("copy", SLEEP);
        var bytes = new byte[1 << 20];
        new Random(14).nextBytes(bytes);
        var file = Files.write(folder.resolve("copied"), bytes);

        home.done("cp", file.toString(), "copy/web:/tmp/there");
        var back = folder.resolve("copied-back");
        home.done("cp", "copy/web:/tmp/there", back.toString());

        assertThat(back).hasBinaryContent(bytes);
    }

    @Test
    void anEphemeralContainerLooksIntoThePod() throws Exception {
        runPod("debug", SLEEP);

        home.done(
                "debug",
                "-n",
                "debug",
                "web",
                "--image=" + RealNode.BUSYBOX,
                "--image-pull-policy=IfNotPresent",
                "--container=looker",
                "--target=main",
                "--",
                "sh",
                "-c",
                "echo from the debugger; sleep 7200");

        await(
                "it runs and is heard",
                Duration.ofMinutes(1),
                () -> home.run("logs", "-n", "debug", "web", "-c", "looker")
                        .text()
                        .contains("from the debugger"));
        assertThat(home.done("exec", "-n", "debug", "web", "-c", "looker", "--", "echo", "and answers"))
                .isEqualTo("and answers\n");
        assertThat(home.pod("debug", "web")
                        .at("/status/ephemeralContainerStatuses/0/state/running")
                        .isObject())
                .isTrue();
    }

    @Test
    void aPodThatIsNotReadyLeavesItsService() throws Exception {
        home.namespace("service");
        home.apply("""
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: service}
            spec: {selector: {app: web}, ports: [{port: 80}]}
            """);
        home.apply(HomeCluster.pod("service", "web", """
            command: [sh, -c, 'touch /tmp/ready; exec sleep 7200']
            readinessProbe: {exec: {command: [test, -f, /tmp/ready]}, periodSeconds: 1, failureThreshold: 1}
            """));
        home.awaitReady("service", "web");
        await("the Service has it", () -> endpoint("{.conditions.ready}").equals("true"));
        assertThat(endpoint("{.addresses[0]}"))
                .isEqualTo(home.pod("service", "web").at("/status/podIP").asText());

        home.done("exec", "-n", "service", "web", "--", "rm", "/tmp/ready");
        await(
                "the Service has it no more",
                () -> endpoint("{.conditions.ready}").equals("false"));
        home.done("exec", "-n", "service", "web", "--", "touch", "/tmp/ready");
        await("and has it again", () -> endpoint("{.conditions.ready}").equals("true"));
    }

    private String endpoint(String field) {
        return home.done(
                "get",
                "endpointslices",
                "-n",
                "service",
                "-l",
                "kubernetes.io/service-name=web",
                "-o",
                "jsonpath={range .items[*].endpoints[*]}" + field + "{end}");
    }

    private static void awaitIn(Path output, String text) {
        try {
            await("it prints " + text, () -> read(output).contains(text));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; it printed: " + read(output), e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int lines(Kubectl.Running running) {
        return (int) read(running.output()).lines().count();
    }

    private static String last(Kubectl.Running running) {
        var text = read(running.output());
        return text.substring(Math.max(0, text.length() - 300));
    }

    private static String digest(InputStream content) throws Exception {
        try (content) {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[1 << 16];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
