package dev.spillway.it;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command lines of one control plane's programs. Each port is free on loopback when this is made; nothing holds it
 * until its program does.
 */
record ControlPlaneArguments(
        ControlPlaneBinaries binaries, ControlPlaneSettings settings, ControlPlaneFiles files, LoopbackPorts ports) {

    URI server() {
        return URI.create("https://127.0.0.1:" + ports.apiserver());
    }

    private String etcdClients() {
        return "http://127.0.0.1:" + ports.etcd();
    }

    List<String> etcd() {
        String peers = "http://127.0.0.1:" + ports.etcdPeers();
        List<String> command = new ArrayList<>(List.of(
                binaries.binary("etcd").toString(),
                "--data-dir=" + files.etcdData(),
                "--listen-client-urls=" + etcdClients(),
                "--advertise-client-urls=" + etcdClients(),
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=default=" + peers));
        if (settings.storage() != ControlPlaneSettings.Storage.DISK) {
            command.add("--unsafe-no-fsync");
        }
        return command;
    }

    List<String> apiserver() {
        List<String> command = new ArrayList<>(List.of(
                binaries.binary("kube-apiserver").toString(),
                "--etcd-servers=" + etcdClients(),
                "--bind-address=127.0.0.1",
                "--secure-port=" + ports.apiserver(),
                "--cert-dir=" + files.file("certs"),
                "--token-auth-file=" + files.file("tokens.csv"),
                "--authorization-mode=Node,RBAC",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + files.file("service-account.pub"),
                "--service-account-signing-key-file=" + files.file("service-account.key"),
                // A kubelet asks who wants its logs; and the names of nodes resolve nowhere.
                "--kubelet-client-certificate=" + files.kubeletClientCertificate(),
                "--kubelet-client-key=" + files.file("kubelet-client.key"),
                "--kubelet-preferred-address-types=InternalIP,ExternalIP,InternalDNS,ExternalDNS,Hostname",
                // A server behind this one is told who asks, by the same certificate.
                "--requestheader-client-ca-file=" + files.kubeletClientCertificate(),
                "--requestheader-allowed-names=kube-apiserver",
                "--requestheader-username-headers=X-Remote-User",
                "--requestheader-group-headers=X-Remote-Group",
                "--requestheader-extra-headers-prefix=X-Remote-Extra-",
                "--proxy-client-cert-file=" + files.kubeletClientCertificate(),
                "--proxy-client-key-file=" + files.file("kubelet-client.key"),
                // Nobody reaches the Service `kubernetes` here, and a machine may have no address but loopback.
                "--advertise-address=127.0.0.1",
                "--endpoint-reconciler-type=none",
                // Measured on 1.37.2 with one open watch: a stop takes 62 s without this, and 1.1 s with it.
                "--shutdown-watch-termination-grace-period=1s"));
        switch (settings.audit()) {
            case ControlPlaneSettings.Audit.Off() -> {}
            case ControlPlaneSettings.Audit.Writes(Path file) -> {
                command.add("--audit-policy-file=" + files.file("audit-policy.yaml"));
                command.add("--audit-log-path=" + file);
                // In MB: the log must not be cut in the middle of a measurement.
                command.add("--audit-log-maxsize=10000");
            }
        }
        command.addAll(settings.apiserverArguments());
        return command;
    }

    List<String> controllerManager() {
        List<String> command = new ArrayList<>(List.of(
                binaries.binary("kube-controller-manager").toString(),
                "--kubeconfig=" + files.kubeconfig(),
                "--bind-address=127.0.0.1",
                "--secure-port=" + ports.controllerManager(),
                "--cert-dir=" + files.file("controller-manager-certs"),
                "--root-ca-file=" + files.certificateAuthority(),
                "--service-account-private-key-file=" + files.file("service-account.key"),
                "--leader-elect=false",
                // Else it limits itself to 20 requests a second.
                "--kube-api-qps=1000",
                "--kube-api-burst=2000",
                // Else it makes a folder under /usr/libexec.
                "--flex-volume-plugin-dir=" + files.file("flex-volume-plugins")));
        command.addAll(settings.controllerManagerArguments());
        return command;
    }

    List<String> scheduler() {
        return List.of(
                binaries.binary("kube-scheduler").toString(),
                "--kubeconfig=" + files.kubeconfig(),
                "--leader-elect=false",
                // Its own API is for metrics and health, which nobody asks for here.
                "--secure-port=0",
                "--kube-api-qps=1000",
                "--kube-api-burst=2000");
    }
}
