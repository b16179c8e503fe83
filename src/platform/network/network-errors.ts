/** The host resolves to addresses that Mailroom does not connect to. One message for all, so that it maps no network. */
export class RefusedAddress extends Error {
  override name = 'RefusedAddress';
  readonly code = 'address_refused';
  /** The setting by which an operator allows a range. */
  readonly setting = 'ALLOW_PRIVATE_ADDRESSES';

  constructor() {
    super(
      'Mailroom does not connect to private addresses. Whoever runs it can allow a range with ALLOW_PRIVATE_ADDRESSES.',
    );
  }
}

/** No address is known for the host, or what was typed is no host. */
export class HostNotFound extends Error {
  override name = 'HostNotFound';
  readonly code = 'host_not_found';
  /** The name servers did not answer: the same name may be found later. */
  readonly isTemporary: boolean;

  constructor(host: string, options?: ErrorOptions) {
    const { cause } = options ?? {};
    const isTemporary = cause instanceof Error && 'code' in cause && cause.code === 'EAI_AGAIN';
    super(
      isTemporary
        ? `The name ${JSON.stringify(host)} cannot be looked up just now.`
        : `There is no server by the name ${JSON.stringify(host)}.`,
      options,
    );
    this.isTemporary = isTemporary;
  }
}

export type UnreachableReason = 'refused' | 'timeout' | 'broken';

const unreachableMessages: Record<UnreachableReason, string> = {
  refused: 'does not accept connections',
  timeout: 'did not answer in time',
  broken: 'could not be reached, or broke the connection',
};

/** The host has an allowed address, and no connection came about. */
export class Unreachable extends Error {
  override name = 'Unreachable';
  readonly code = 'unreachable';
  readonly reason: UnreachableReason;

  constructor(host: string, port: number, reason: UnreachableReason, options?: ErrorOptions) {
    super(`${host}, port ${port}, ${unreachableMessages[reason]}.`, options);
    this.reason = reason;
  }
}

/** The server does not offer STARTTLS, or answered something else. */
export class StartTlsRefused extends Error {
  override name = 'StartTlsRefused';
  readonly code = 'starttls_refused';

  constructor(host: string, port: number, options?: ErrorOptions) {
    super(`${host}, port ${port}, does not offer an encrypted connection by STARTTLS.`, options);
  }
}
