package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * The wire between synchronization controllers: who answers at an address, and whether TLS holds.
 */
public final class SyncNetwork {
  private final List<SyncController> members = new ArrayList<>();

  void join(SyncController member) {
    members.add(member);
  }

  /** The answer to a dial: a controller, or the text of the error that gRPC gives. */
  record Dialled(List<SyncController> peer, String error) {
    static Dialled failed(String reason) {
      return new Dialled(
          List.of(),
          "rpc error: code = Unavailable desc = connection error: desc = \"transport: "
              + reason
              + "\"");
    }
  }

  /** Dials an address; trust matters only for a connection that is not open yet. */
  Dialled dial(Site from, Thing vmi, String address, boolean open) {
    if (!from.world().reaches(address, vmi.namespace(), vmi.name())) {
      return open
          ? new Dialled(
              List.of(), "rpc error: code = DeadlineExceeded desc = context deadline exceeded")
          : Dialled.failed("Error while dialing: dial tcp " + address + ": i/o timeout");
    }
    for (SyncController member : members) {
      if (KubeVirts.syncAddress(member.site()).equals(address)) {
        if (!member.listens(vmi.namespace(), vmi.name())) {
          return Dialled.failed(
              "Error while dialing: dial tcp " + address + ": connect: connection refused");
        }
        String refused = open ? "" : handshake(from, member.site());
        return refused.isEmpty() ? new Dialled(List.of(member), "") : Dialled.failed(refused);
      }
    }
    return Dialled.failed(
        "Error while dialing: dial tcp " + address + ": connect: no route to host");
  }

  private static String handshake(Site client, Site server) {
    if (client == server) {
      return "";
    }
    if (!trusts(client, server)) {
      return "authentication handshake failed: could not verify peer certificate: x509: certificate"
          + " signed by unknown authority";
    }
    return trusts(server, client)
        ? ""
        : "authentication handshake failed: remote error: tls: bad certificate";
  }

  private static boolean trusts(Site verifier, Site peer) {
    List<X509Certificate> theirs = bundle(peer);
    return !theirs.isEmpty() && bundle(verifier).contains(theirs.get(0));
  }

  private static List<X509Certificate> bundle(Site site) {
    Thing own = site.store().find(Kind.CONFIG_MAP, site.kubevirtNamespace(), CaKeeper.OWN);
    return own == null ? List.of() : Certificates.parse(own.text("data." + CaKeeper.BUNDLE));
  }
}
