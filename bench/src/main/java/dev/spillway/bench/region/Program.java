package dev.spillway.bench.region;

import dev.spillway.bench.BenchmarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;

/**
 * A running process, as the operating system sees it.
 *
 * @param name of its executable, or what it is called here
 */
record Program(String name, long pid) {
    /** A process by the name of its executable. */
    static Program of(long pid) {
        var command = ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .orElseThrow(() -> new BenchmarkException("The process %d ended.".formatted(pid)));
        return new Program(Path.of(command).getFileName().toString(), pid);
    }

    /** CPU time of all its threads so far, user and system (on Linux from {@code /proc/PID/stat}, in hundredths of a second); zero where it ended. */
    Duration cpu() {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    /** CPU time of several. */
    static Duration cpu(Collection<Program> programs) {
        return programs.stream().map(Program::cpu).reduce(Duration.ZERO, Duration::plus);
    }

    /** Resident memory in MB of a million bytes; -1 where the machine has no {@code /proc}. */
    long residentMegabytes() {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1_000_000)
                    .findFirst()
                    .orElse(-1L);
        } catch (IOException e) {
            return -1;
        }
    }
}
