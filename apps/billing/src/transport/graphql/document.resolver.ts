import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type Principal } from '@kilowatch/platform';
import { sheetLocale } from '../../domain/documents/sheet-texts.js';
import { InvoiceDocuments, type DocumentFile } from '../../usecases/documents/invoice-documents.js';
import type { InvoiceNode } from './bill-node.js';

/** The papers of an invoice that its reader may see. */
@Resolver('Invoice')
export class DocumentResolver {
  constructor(private readonly documents: InvoiceDocuments) {}

  @ResolveField()
  @Allow('billing:read')
  async pdf(
    @Parent() { id }: InvoiceNode,
    @Args('locale') locale: string | null | undefined,
    @CurrentPrincipal() principal: Principal,
  ) {
    return toFileNode(await this.documents.pdf(principal, id, sheetLocale(locale)));
  }

  @ResolveField()
  @Allow('billing:read')
  async ubl(@Parent() { id }: InvoiceNode, @CurrentPrincipal() principal: Principal) {
    return toFileNode(await this.documents.ubl(principal, id));
  }
}

export function toFileNode({ name, mediaType, content }: DocumentFile) {
  return { name, mediaType, content: content.toString('base64') };
}
