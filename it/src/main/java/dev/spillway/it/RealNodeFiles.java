package dev.spillway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Comparator;
import java.util.stream.Stream;

/** The folder of one node: configuration, logs, and what is {@code /var/lib} and {@code /var/log} to its programs. */
record RealNodeFiles(Path folder) {

    /** Inside the node, where everything has its usual place. */
    static final String CONTAINERD_SOCKET = "/run/containerd/containerd.sock";

    /** Makes the folder anew: an earlier node of that name is gone. */
    static RealNodeFiles create(Path folder) {
        RealNodeFiles files = new RealNodeFiles(folder.toAbsolutePath());
        files.removeAll();
        try {
            for (String name : new String[] {"logs", "lib", "log", "cni"}) {
                Files.createDirectories(files.file(name));
            }
            // The administrator's token is in there.
            Files.setPosixFilePermissions(files.folder(), PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new ControlPlaneException("No folder for a node can be made at %s: %s".formatted(folder, e), e);
        }
        return files;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    Path log(String program) {
        return file("logs").resolve(program + ".log");
    }

    void write(ControlPlane controlPlane, RealNodeBinaries binaries, NodeBridge bridge, String nodeName) {
        try {
            Files.writeString(file("containerd.toml"), containerd(binaries));
            Files.writeString(file("kubelet.yaml"), kubelet(controlPlane, bridge));
            Files.writeString(file("kubeconfig"), kubeconfig(controlPlane, nodeName));
            Files.writeString(file("cni/10-bridge.conflist"), cni(bridge));
            // This machine's name servers are none of the pods' business.
            Files.writeString(file("resolv.conf"), "");
        } catch (IOException e) {
            throw new ControlPlaneException("The node's configuration could not be written: " + e, e);
        }
    }

    /** Everything but the logs. */
    void removeData() {
        remove(file("lib"));
        remove(file("log"));
    }

    void removeAll() {
        remove(folder);
    }

    private static void remove(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new ControlPlaneException("%s could not be removed: %s".formatted(tree, e), e);
        }
    }

    private String containerd(RealNodeBinaries binaries) throws IOException {
        // An overlay does not lie on an overlay, as the folder does where this machine is itself a container.
        String snapshotter = Files.getFileStore(folder).type().equals("overlay") ? "native" : "overlayfs";
        return """
                version = 3
                [grpc]
                  address = '%s'
                [plugins.'io.containerd.internal.v1.opt']
                  path = '/var/lib/containerd/opt'
                [plugins.'io.containerd.cri.v1.images']
                  snapshotter = '%s'
                [plugins.'io.containerd.cri.v1.images'.pinned_images]
                  sandbox = 'registry.k8s.io/pause:3.10.2'
                [plugins.'io.containerd.cri.v1.runtime']
                  # Without CAP_SYS_RESOURCE no sandbox may get the score that it should.
                  restrict_oom_score_adj = true
                [plugins.'io.containerd.cri.v1.runtime'.cni]
                  bin_dirs = ['%s']
                  conf_dir = '%s'
                [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
                  runtime_type = 'io.containerd.runc.v2'
                [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
                  SystemdCgroup = false
                """.formatted(CONTAINERD_SOCKET, snapshotter, binaries.folder(), file("cni"));
    }

    private String kubelet(ControlPlane controlPlane, NodeBridge bridge) {
        return """
                apiVersion: kubelet.config.k8s.io/v1beta1
                kind: KubeletConfiguration
                # Reached from this machine alone.
                address: %s
                port: 10250
                healthzPort: 0
                authentication:
                  anonymous: {enabled: false}
                  webhook: {enabled: true}
                  x509: {clientCAFile: %s}
                authorization: {mode: Webhook}
                containerRuntimeEndpoint: unix://%s
                resolvConf: %s
                # Where nothing listens, so that a pod's question for a name fails at once.
                clusterDNS: ["%s"]
                clusterDomain: cluster.local
                cgroupDriver: cgroupfs
                cgroupRoot: /%s
                enforceNodeAllocatable: []
                failCgroupV1: false
                failSwapOn: false
                # This machine's packet filter is not the node's business, nor how full its disk is.
                makeIPTablesUtilChains: false
                evictionHard:
                  memory.available: "0%%"
                  nodefs.available: "0%%"
                  nodefs.inodesFree: "0%%"
                  imagefs.available: "0%%"
                  imagefs.inodesFree: "0%%"
                imageGCHighThresholdPercent: 100
                """.formatted(
                        bridge.address(),
                        controlPlane.kubeletClientCertificate(),
                        CONTAINERD_SOCKET,
                        file("resolv.conf"),
                        bridge.address(),
                        bridge.name());
    }

    /** The administrator acts as the node, so that the server judges the kubelet as any other. */
    private static String kubeconfig(ControlPlane controlPlane, String nodeName) throws IOException {
        return """
                apiVersion: v1
                kind: Config
                current-context: node
                clusters:
                  - name: control-plane
                    cluster:
                      server: %s
                      certificate-authority-data: %s
                users:
                  - name: node
                    user:
                      token: %s
                      as: system:node:%s
                      as-groups: ["system:nodes"]
                contexts:
                  - name: node
                    context: {cluster: control-plane, user: node}
                """.formatted(
                        controlPlane.server(),
                        Base64.getEncoder().encodeToString(Files.readAllBytes(controlPlane.certificateAuthority())),
                        controlPlane.token(),
                        nodeName);
    }

    private static String cni(NodeBridge bridge) {
        return """
                {
                  "cniVersion": "1.0.0",
                  "name": "pods",
                  "plugins": [
                    {
                      "type": "bridge",
                      "bridge": "%s",
                      "hairpinMode": true,
                      "ipam": {
                        "type": "host-local",
                        "ranges": [[{"subnet": "%s", "gateway": "%s"}]],
                        "routes": [{"dst": "0.0.0.0/0"}]
                      }
                    },
                    {"type": "portmap", "capabilities": {"portMappings": true}}
                  ]
                }
                """.formatted(bridge.name(), bridge.range(), bridge.address());
    }
}
