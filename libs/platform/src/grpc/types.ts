import type { TenantId } from '@kilowatch/kernel';

/** What a server method learns about the call beside the request. */
export interface GrpcCall {
  tenant: TenantId;
  /** Name of the calling service, from its verified token. */
  caller: string;
  traceparent: string | undefined;
  /** When the caller stops waiting. */
  deadline: Date;
}

/** A unary method as ts-proto generates it (`outputServices=grpc-js`). */
export interface UnaryMethod<Request, Response> {
  path: string;
  requestStream: false;
  responseStream: false;
  requestSerialize(value: Request): Buffer;
  requestDeserialize(bytes: Buffer): Request;
  responseSerialize(value: Response): Buffer;
  responseDeserialize(bytes: Buffer): Response;
}

// `any` lets one generic accept every generated definition; the exact types are inferred back below.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyMethod = UnaryMethod<any, any>;
export type GrpcService = Readonly<Record<string, AnyMethod>>;

type RequestOf<M> = M extends { requestDeserialize(bytes: Buffer): infer Request } ? Request : never;
type ResponseOf<M> = M extends { responseDeserialize(bytes: Buffer): infer Response } ? Response : never;

/** What a class that serves `Service` must look like: `implements GrpcImplementation<typeof SessionsServiceService>`. */
export type GrpcImplementation<Service> = {
  [Method in keyof Service]: (
    request: RequestOf<Service[Method]>,
    call: GrpcCall,
  ) => Promise<ResponseOf<Service[Method]>>;
};

export interface CallOptions {
  tenant: TenantId;
  /** How long to wait, 3,000 ms unless told; never beyond the deadline of the request being served. */
  deadlineMs?: number;
  /** The server gives the same result when the call arrives twice: only then is it retried (on UNAVAILABLE). */
  idempotent?: boolean;
}

/** The typed client of a service: each method is a promise-returning function. */
export type GrpcClient<Service> = {
  readonly [Method in keyof Service]: (
    request: RequestOf<Service[Method]>,
    options: CallOptions,
  ) => Promise<ResponseOf<Service[Method]>>;
};

/** The generated client constructor: only its static service definition is used. */
export interface GrpcClientConstructor<Service> {
  readonly service: Service;
}
