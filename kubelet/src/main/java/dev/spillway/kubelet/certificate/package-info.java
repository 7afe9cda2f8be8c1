/** The certificate that the virtual nodes' kubelet serves with. Start at {@link dev.spillway.kubelet.certificate.KeyAndChain}. */
@NullMarked
package dev.spillway.kubelet.certificate;

import org.jspecify.annotations.NullMarked;
