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
    @Parent() { record }: InvoiceNode,
    @Args('locale') locale: string | null | undefined,
    @CurrentPrincipal() principal: Principal,
  ) {
    return toFileNode(await this.documents.pdf(principal, record, sheetLocale(locale)));
  }

  @ResolveField()
  @Allow('billing:read')
  ubl(@Parent() { record }: InvoiceNode, @CurrentPrincipal() principal: Principal) {
    return toFileNode(this.documents.ubl(principal, record));
  }
}

export function toFileNode({ name, mediaType, content }: DocumentFile) {
  return { name, mediaType, content: content.toString('base64') };
}
