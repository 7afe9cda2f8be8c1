package dev.spillway.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a control plane is started with. Immutable; begin with {@link #defaults()}.
 *
 * @param storage where etcd keeps its data; decides most of the latency of a write
 * @param audit whether writes are recorded
 * @param parent the folder in which each control plane makes a folder of its own
 * @param afterwards what happens to that folder at the end
 * @param apiserverArguments added last to kube-apiserver's, so that they win; for example feature gates
 * @param controllerManagerArguments likewise for kube-controller-manager
 */
public record ControlPlaneSettings(
        Storage storage,
        Audit audit,
        Path parent,
        Afterwards afterwards,
        List<String> apiserverArguments,
        List<String> controllerManagerArguments) {

    /** Where etcd keeps its data. Wherever a latency is printed, {@link #words()} is printed beside it. */
    public enum Storage {
        /** As in production: each commit reaches the disk before it is acknowledged. */
        DISK("etcd on disk with fsync"),
        /** On disk, acknowledged before it is there. */
        DISK_WITHOUT_FSYNC("etcd on disk without fsync"),
        /** In memory, under {@code /dev/shm}; only where there is one (Linux). */
        MEMORY("etcd on tmpfs without fsync");

        private final String words;

        Storage(String words) {
            this.words = words;
        }

        /** The setting in the words that belong beside a measured figure. */
        public String words() {
            return words;
        }
    }

    /** Whether kube-apiserver records writes. */
    public sealed interface Audit {
        /** Nothing is recorded. */
        record Off() implements Audit {}

        /**
         * Every create, update, patch and delete is appended to a file when it is complete, one JSON object a line, at
         * level Metadata: user agent, verb, object, response code, times; no bodies.
         */
        record Writes(Path file) implements Audit {}
    }

    /** What happens to the folder of a control plane, logs included, once it was stopped. */
    public enum Afterwards {
        REMOVE,
        KEEP
    }

    public ControlPlaneSettings {
        apiserverArguments = List.copyOf(apiserverArguments);
        controllerManagerArguments = List.copyOf(controllerManagerArguments);
    }

    /** Fast and tidy: no fsync, no audit, a temporary folder that is removed, no further arguments. */
    public static ControlPlaneSettings defaults() {
        return new ControlPlaneSettings(
                Storage.DISK_WITHOUT_FSYNC,
                new Audit.Off(),
                Path.of(System.getProperty("java.io.tmpdir")),
                Afterwards.REMOVE,
                List.of(),
                List.of());
    }

    public ControlPlaneSettings withStorage(Storage wanted) {
        return new ControlPlaneSettings(
                wanted, audit, parent, afterwards, apiserverArguments, controllerManagerArguments);
    }

    /** Records writes into the file; an existing one is appended to. */
    public ControlPlaneSettings withAuditLog(Path file) {
        return new ControlPlaneSettings(
                storage,
                new Audit.Writes(file.toAbsolutePath()),
                parent,
                afterwards,
                apiserverArguments,
                controllerManagerArguments);
    }

    /** Works in a folder of its own under the given one, and leaves it there, data and logs included. */
    public ControlPlaneSettings keptIn(Path folder) {
        return new ControlPlaneSettings(
                storage,
                audit,
                folder.toAbsolutePath(),
                Afterwards.KEEP,
                apiserverArguments,
                controllerManagerArguments);
    }

    /** Adds an argument of kube-apiserver, such as {@code --feature-gates=PodTopologyLabelsAdmission=false}. */
    public ControlPlaneSettings withApiserverArgument(String argument) {
        return new ControlPlaneSettings(
                storage, audit, parent, afterwards, with(apiserverArguments, argument), controllerManagerArguments);
    }

    /** Adds an argument of kube-controller-manager. */
    public ControlPlaneSettings withControllerManagerArgument(String argument) {
        return new ControlPlaneSettings(
                storage, audit, parent, afterwards, apiserverArguments, with(controllerManagerArguments, argument));
    }

    private static List<String> with(List<String> arguments, String another) {
        List<String> all = new ArrayList<>(arguments);
        all.add(another);
        return all;
    }
}
